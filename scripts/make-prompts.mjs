// Makes the spoken prompts of dial-in anew from packages/server/prompts/texts.json. A development tool:
// needs espeak-ng and sox (Debian packages of these names); what it makes is committed.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const PROMPTS = fileURLToPath(new URL('../packages/server/prompts', import.meta.url))
/** A voice of espeak-ng and words a minute, by language. Plain `cmn` reads Chinese as English spells it. */
const VOICES = { zh: ['cmn-latn-pinyin', '170'], en: ['en-gb', '150'] }

const run = (program, ...args) => {
  const { status, error, stderr } = spawnSync(program, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${program} failed: ${error?.message ?? stderr}`)
}

const dir = mkdtempSync(path.join(tmpdir(), 'yuntang-prompts-'))
try {
  const texts = JSON.parse(readFileSync(path.join(PROMPTS, 'texts.json'), 'utf8'))
  for (const [name, words] of Object.entries(texts))
    for (const [language, [voice, speed]] of Object.entries(VOICES)) {
      const wav = path.join(dir, 'spoken.wav')
      run('espeak-ng', '-v', voice, '-s', speed, '-w', wav, words[language])
      const out = path.join(PROMPTS, language, `${name}.al`)
      // Telephone band, silence cut off at both ends, half loud, a breath behind it.
      const cut = ['silence', '1', '0.01', '0.5%', 'reverse']
      const effects = ['sinc', '200-3600', ...cut, ...cut, 'gain', '-n', '-6', 'pad', '0', '0.35']
      run('sox', wav, '-t', 'al', '-r', '8000', '-c', '1', out, ...effects)
    }
} finally {
  rmSync(dir, { recursive: true, force: true })
}

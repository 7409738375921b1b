// Speaks the first script of dual recordings into packages/web/public/prompts. Run it after a change of
// those texts; it needs espeak-ng and ffmpeg. What it makes is part of the repository.
import { execFileSync } from 'node:child_process'
import { mkdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
const script = JSON.parse(
  await readFile(path.join(root, 'packages/web/src/dual/default-script.json'), 'utf8'),
)
const folder = path.join(root, 'packages/web/public/prompts')
const VOICES = { zh: ['cmn-latn-pinyin', '170'], en: ['en-gb', '145'] }

await mkdir(folder, { recursive: true })
for (const [language, [voice, speed]] of Object.entries(VOICES))
  for (const { id, text } of script[language]) {
    const wav = execFileSync('espeak-ng', ['-v', voice, '-s', speed, '--stdout', text])
    const file = path.join(folder, `${language}-${id}.mp3`)
    const sound = ['-ac', '1', '-ar', '24000', '-b:a', '32k', '-map_metadata', '-1']
    // A moment of silence, so that no player swallows the first syllable.
    const shape = ['-af', 'adelay=200,apad=pad_dur=0.3', '-fflags', '+bitexact']
    execFileSync('ffmpeg', ['-v', 'error', '-y', '-i', '-', ...shape, ...sound, file], {
      input: wav,
    })
  }

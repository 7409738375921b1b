import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { EVIDENCE, fromBase64url, platformCrypto, verifyFile } from '@yuntang/protocol'
import type { Console } from './main.ts'
import { wordsFor } from './words.ts'

const EXIT = { unchanged: 0, changed: 1, unknown: 2 } as const
/** Between two figures of the progress, bytes. */
const STEP = 64 * 1024 * 1024

const readArgs = (args: readonly string[]) => {
  // A key may begin with a hyphen and is no option then.
  const joined = args.flatMap((arg, i) => {
    if (args[i - 1] === '--key') return []
    return arg === '--key' && args[i + 1] !== undefined ? [`--key=${args[i + 1]}`] : [arg]
  })
  try {
    return parseArgs({
      args: joined,
      options: { key: { type: 'string' }, help: { type: 'boolean' } },
      allowPositionals: true,
    })
  } catch {
    return null
  }
}

const plain = (error: unknown): string => {
  const { code, path: file = '' } = error as NodeJS.ErrnoException
  if (code === 'ENOENT') return `There is no file ${file}.`
  if (code === 'EACCES' || code === 'EPERM') return `The file ${file} may not be read.`
  if (code === 'EISDIR') return 'A directory is no file.'
  return `It cannot be read: ${(error as Error).message}`
}

const readManifest = async (file: string): Promise<string> => {
  const handle = await open(file)
  try {
    const { size } = await handle.stat()
    return size > EVIDENCE.manifestChars ? '' : await handle.readFile('utf8')
  } finally {
    await handle.close()
  }
}

async function* piecesOf(file: string): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  for await (const piece of createReadStream(file, { highWaterMark: 1024 * 1024 }))
    yield piece as Uint8Array<ArrayBuffer>
}

/** `yuntang verify`; answers the exit code. */
export const verify = async (
  args: readonly string[],
  to: Console,
  usage: string,
): Promise<number> => {
  const read = readArgs(args)
  const [file, manifest, ...more] = read?.positionals ?? []
  if (read?.values.help) {
    to.out(usage)
    return 0
  }
  if (!file || !manifest || more.length > 0) {
    to.err(`${usage}\n`)
    return EXIT.unknown
  }
  const key = read?.values.key ?? null
  if (key !== null && fromBase64url(key)?.length !== 32) {
    to.err('--key is not a public key: 43 letters, digits, - and _ are expected.\n')
    return EXIT.unknown
  }
  try {
    const { size } = await stat(file)
    const text = await readManifest(manifest)
    let shown = STEP
    const progress = (bytes: number) => {
      if (bytes < shown) return
      shown = bytes + STEP
      to.err(`${Math.floor((100 * bytes) / Math.max(bytes, size))} %\n`)
    }
    const options = { trusted: key, progress }
    const verdict = await verifyFile(platformCrypto(), piecesOf(file), text, options)
    to.out(wordsFor(verdict, { file: path.basename(file), isKeyGiven: key !== null }).join('\n'))
    return EXIT[verdict.verdict]
  } catch (error) {
    to.out('CANNOT SAY.')
    to.out(plain(error))
    return EXIT.unknown
  }
}

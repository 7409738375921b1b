import { verify } from './verify.ts'

const USAGE = `Usage: npx yuntang verify FILE MANIFEST [--key PUBLIC_KEY]

Says whether FILE is what was recorded, and where it was changed if not.
MANIFEST is the signed manifest of the recording. PUBLIC_KEY is the key of the
server that you trust, as https://SERVER/api/v1/evidence/key shows it.

Exit code 0: unchanged. 1: changed. 2: cannot say.`

/** Where the command writes. */
export interface Console {
  out(text: string): void
  err(text: string): void
}

const terminal: Console = {
  out: (text) => void process.stdout.write(`${text}\n`),
  err: (text) => void process.stderr.write(text),
}

/** Runs the command and answers its exit code. */
export const main = async (args: readonly string[], to: Console = terminal): Promise<number> => {
  const [command, ...rest] = args
  if (command === 'verify') return await verify(rest, to, USAGE)
  const asked = command === '--help' || command === 'help'
  if (asked) to.out(USAGE)
  else to.err(`${USAGE}\n`)
  return asked ? 0 : 2
}

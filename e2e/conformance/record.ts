import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { wrongArguments } from './arguments.ts'

/** Where real-browser runs leave what they saw, for `npm run coverage:callbacks`. */
export const RECORDS = fileURLToPath(new URL('../artifacts/coverage/', import.meta.url))

export interface Seen {
  slot: string
  args: unknown[]
}

/** Keeps what one page saw: slots that fired, wrong arguments, functions that it called. */
export const keepRecord = (
  id: string,
  seen: readonly Seen[],
  called: readonly string[],
): string[] => {
  const fired = new Set<string>()
  const wrong: string[] = []
  for (const { slot, args } of seen) {
    const problem = wrongArguments(slot, args)
    if (problem) wrong.push(`${slot}: ${problem}`)
    else fired.add(slot)
  }
  mkdirSync(RECORDS, { recursive: true })
  writeFileSync(
    path.join(RECORDS, `${id}.json`),
    JSON.stringify({ fired: [...fired].sort(), wrong, called: [...new Set(called)].sort() }),
  )
  return wrong
}

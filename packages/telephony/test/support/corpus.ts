import { readFileSync } from 'node:fs'

const read = <T>(name: string): T[] =>
  JSON.parse(readFileSync(new URL(`../fuzz/corpus/${name}.json`, import.meta.url), 'utf8')) as T[]

const bytes = (lines: readonly string[]): Buffer => Buffer.from(lines.join('\r\n'), 'utf8')

/** Messages that must be read, and what is read of them. */
export const validMessages = (): { why: string; data: Buffer; read: Record<string, unknown> }[] =>
  read<{ why: string; lines: string[]; read: Record<string, unknown> }>('valid').map((seed) => ({
    ...seed,
    data: bytes(seed.lines),
  }))

/** Messages that must be refused, and by which status. Whatever fails once is added to the file. */
export const damagedMessages = (): { why: string; data: Buffer; status: number }[] =>
  read<{ why: string; lines: string[]; status: number }>('damaged').map((seed) => ({
    ...seed,
    data: bytes(seed.lines),
  }))

/** Descriptions; those without `read` must be refused. */
export const descriptions = (): {
  why: string
  text: string
  read?: { address: string; port: number; codecs: string[]; direction: string }
}[] => read('sdp')

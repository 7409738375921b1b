import { randomBytes, randomInt, randomUUID } from 'node:crypto'

/** Everything random that the server makes; injected, so that tests can repeat a run. */
export interface Ids {
  /** Unguessable secret: 256 bits, base64url, 43 characters. */
  token(): string
  uuid(): string
  /** `n` decimal digits, leading zeros included. */
  digits(n: number): string
  /** Last part of a public link: 6 lower-case letters (spec 03 §1). */
  slug(): string
  /** 10000000–99999999 (spec 00 §7). */
  meetingNumber(): number
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz'
const SLUG_LETTERS = 6
const MEETING_MIN = 10_000_000
const MEETING_END = 100_000_000

/** `below(n)`: a whole number from 0 to n − 1; `bytes(n)`: n random bytes. */
interface Source {
  below(n: number): number
  bytes(n: number): Buffer
  uuid(): string
}

const idsFrom = (source: Source): Ids => ({
  token: () => source.bytes(32).toString('base64url'),
  uuid: () => source.uuid(),
  digits: (n) => Array.from({ length: n }, () => source.below(10)).join(''),
  slug: () => Array.from({ length: SLUG_LETTERS }, () => LETTERS[source.below(26)]).join(''),
  meetingNumber: () => MEETING_MIN + source.below(MEETING_END - MEETING_MIN),
})

/** Cryptographic randomness. */
export const randomIds: Ids = idsFrom({
  below: (n) => randomInt(n),
  bytes: (n) => randomBytes(n),
  uuid: () => randomUUID(),
})

/** Repeatable ids for tests (mulberry32); never for a running server. */
export const createSeededIds = (seed: number): Ids => {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return (t ^ (t >>> 14)) >>> 0
  }
  const below = (n: number) => Math.floor((next() / 2 ** 32) * n)
  const bytes = (n: number) => Buffer.from(Array.from({ length: n }, () => below(256)))
  const uuid = () => {
    const b = bytes(16)
    b[6] = (b[6]! & 0x0f) | 0x40
    b[8] = (b[8]! & 0x3f) | 0x80
    return b.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
  }
  return idsFrom({ below, bytes, uuid })
}

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseClientFrame, parseServerFrame } from '../src/index.ts'
import { FRAMES } from './corpus/frames.ts'

const CORPUS = FRAMES.map(({ text }): [string] => [text])

const NAMES = ['id', 'method', 'params', 'ping', 'ack', 'pong', 'seq', 'event', 'hello', 'refused']
const value = fc.oneof(
  fc.constantFrom<unknown>(0, 1, -1, 1.5, 2 ** 53, '', 'x', null, true, [], {}, 'a'.repeat(65)),
  fc.jsonValue({ maxDepth: 2 }),
)
const frame = fc
  .array(fc.tuple(fc.constantFrom(...NAMES), value), { maxLength: 4 })
  .map((parts) => JSON.stringify(Object.fromEntries(parts)))
const text = fc.oneof(
  { weight: 4, arbitrary: frame },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
)
const isCount = (n: unknown) => Number.isSafeInteger(n) && (n as number) >= 0
const run = { seed: 20_261_129, numRuns: 4_000, examples: CORPUS }

it('fuzz: any text is a frame of a page, with nothing in it but what belongs there, or none', () => {
  fc.assert(
    fc.property(text, (raw) => {
      const read = parseClientFrame(raw)
      if (!read) return
      const names = Object.keys(read).join()
      expect(['ping', 'ack', 'id,method,params']).toContain(names)
      if (!('id' in read)) expect(isCount(Object.values(read)[0])).toBe(true)
      else {
        expect(isCount(read.id) && read.id > 0).toBe(true)
        expect(read.method.length).toBeLessThanOrEqual(64)
        expect(read.params).not.toBeNull()
      }
      expect(Object.getPrototypeOf(read)).toBe(Object.prototype)
    }),
    run,
  )
})

it('fuzz: any text is a frame of the server that a page knows what to do with, or none', () => {
  fc.assert(
    fc.property(text, (raw) => {
      const read = parseServerFrame(raw)
      if (!read) return
      const isObject = (part: unknown) => typeof part === 'object' && part !== null
      const { pong, hello, refused, seq, id, event } = read as unknown as Record<string, unknown>
      expect(
        isCount(pong) ||
          isObject(hello) ||
          isObject(refused) ||
          (isCount(seq) && isCount(id)) ||
          typeof event === 'string',
      ).toBe(true)
    }),
    run,
  )
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createGather } from '../../src/recording/gather.ts'

const setup = () => {
  const at = { now: 0 }
  const written: number[] = []
  const pieces: number[] = []
  const gather = createGather(
    async (bytes) => {
      pieces.push(bytes.length)
      written.push(...bytes)
    },
    () => at.now,
  )
  return { at, written, pieces, gather }
}

describe('10 §2.1: what is recorded is on the disk soon', () => {
  it('a piece is written a tenth of a second later, though nothing follows it', async () => {
    const { at, written, gather } = setup()
    for (const byte of [1, 2, 3]) await gather.add(new Uint8Array([byte]))
    await gather.due()
    expect(written).toEqual([])
    at.now = 100
    await gather.due()
    expect(written).toEqual([1, 2, 3])
  })

  it('every byte is written once, in order, in pieces of at most 64 KiB', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(90_000), fc.nat(60), fc.boolean()), { maxLength: 8 }),
        async (steps) => {
          const { at, written, pieces, gather } = setup()
          let next = 0
          for (const [length, ms, isDue] of steps) {
            const adding = gather.add(Uint8Array.from({ length }, () => next++ % 251))
            if (isDue) void gather.due()
            await adding
            at.now += ms
          }
          await gather.flush()
          expect(written).toHaveLength(next)
          expect(written.every((byte, i) => byte === i % 251)).toBe(true)
          expect(Math.max(0, ...pieces)).toBeLessThanOrEqual(65_536)
        },
      ),
      { numRuns: 20, seed: 7 },
    )
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { complete, type Told, tell } from '../../src/transfers/progress.ts'

describe('06 §1.1: progress of a transfer', () => {
  it('0 first, also of an empty file', () => {
    expect(tell(null, 0, 0, 5)).toEqual({ bytes: 0, total: 0, percent: 0, at: 5 })
  })
  it('100 is told by the end only', () => {
    expect(tell(null, 10, 10, 0)?.percent).toBe(99)
    expect(complete(10, 0).percent).toBe(100)
  })
  it('nothing is told of what was lost and is sent again', () => {
    const before = tell(null, 50, 100, 0)
    expect(tell(before, 40, 100, 5000)).toBeNull()
    expect(tell(before, 51, 100, 5000)?.percent).toBe(51)
  })
  it('06 §3: a file that is replaced by a larger one meanwhile does not fall back', () => {
    const before = tell(null, 500, 1000, 0)
    expect(tell(before, 600, 60_000, 5000)?.percent).toBe(50)
  })

  it('whatever arrives when: percent never falls, at most 5 in any second with the last', () => {
    const moves = fc.array(fc.tuple(fc.integer({ min: -20, max: 60 }), fc.nat(400)))
    fc.assert(
      fc.property(moves, (list) => {
        const total = 1000
        let [bytes, now] = [0, 0]
        let last: Told | null = null
        const told: Told[] = []
        for (const [more, ms] of list) {
          bytes = Math.min(total, Math.max(0, bytes + more))
          now += ms
          const next: Told | null = tell(last, bytes, total, now)
          if (!next) continue
          last = next
          told.push(next)
        }
        told.push(complete(total, now))
        const percents = told.map(({ percent }) => percent)
        expect(percents).toEqual([...percents].sort((a, b) => a - b))
        expect(percents.filter((percent) => percent === 100)).toHaveLength(1)
        for (const { at } of told) {
          const second = told.filter((other) => other.at >= at && other.at < at + 1000)
          expect(second.length).toBeLessThanOrEqual(5)
        }
      }),
    )
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InOrder } from '../src/producer/in-order.ts'
import type { LayerPacket } from '../src/producer/layer.ts'
import type { MediaPacket } from '../src/producer/layout.ts'

const packet = (seq: number): LayerPacket => ({
  packet: { seq: seq & 0xffff } as MediaPacket,
  isKey: false,
})

/** What is given on, and when, of packets that arrive at these times. */
const ordered = (
  arrivals: readonly { n: number; at: number }[],
  patience: number,
  from = 65_500,
) => {
  const given: { n: number; at: number }[] = []
  let now = 0
  const order = new InOrder(({ packet: { seq } }) =>
    given.push({ n: (seq - from) & 0xffff, at: now }),
  )
  const byTime = arrivals.toSorted((a, b) => a.at - b.at || a.n - b.n)
  const end = (byTime.at(-1)?.at ?? 0) + 200
  for (now = 0; now <= end; now++) {
    for (const { n, at } of byTime) if (at === now) order.push(packet(from + n), now, patience)
    if (now % 20 === 0) order.due(now)
  }
  return given
}

const scattered = fc
  .array(fc.nat(50), { minLength: 1, maxLength: 120 })
  .map((delays) => delays.map((delay, n) => ({ n, at: n * 5 + delay })))

describe('findings §3.2: packets of a path that scatters them are put in order', () => {
  it('whatever the delays within its patience: in order, once each, held 50 ms and a tick at most', () => {
    fc.assert(
      fc.property(scattered, (arrivals) => {
        // The stream has begun before.
        const begun = [{ n: 0, at: 0 }, ...arrivals.map(({ n, at }) => ({ n: n + 1, at: at + 1 }))]
        const given = ordered(begun, 50)
        expect(given.map(({ n }) => n)).toEqual(begun.map((_, n) => n))
        for (const { n, at } of given) expect(at - (begun[n]?.at ?? 0)).toBeLessThanOrEqual(50 + 20)
      }),
      { seed: 31 },
    )
  })

  it('some never come: all the others do, in order, within 50 ms and a tick', () => {
    fc.assert(
      fc.property(scattered, fc.array(fc.nat(120)), (arrivals, lost) => {
        const begun = [{ n: 0, at: 0 }, ...arrivals.map(({ n, at }) => ({ n: n + 1, at: at + 1 }))]
        const come = begun.filter(({ n }) => n === 0 || !lost.includes(n))
        const given = ordered(come, 50)
        expect(given.map(({ n }) => n)).toEqual(come.map(({ n }) => n))
        for (const { n, at } of given) expect(at - (begun[n]?.at ?? 0)).toBeLessThanOrEqual(50 + 20)
      }),
      { seed: 32 },
    )
  })

  it('on a path that keeps the order nothing waits, whatever is lost', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(300), { minLength: 1 }), (numbers) => {
        const come = numbers.toSorted((a, b) => a - b).map((n) => ({ n, at: n * 3 }))
        expect(ordered(come, 0)).toEqual(come)
      }),
      { seed: 33 },
    )
  })

  it('what comes later than that, a repair say, is given on when it comes', () => {
    const given = ordered(
      [
        { n: 0, at: 0 },
        { n: 2, at: 5 },
        { n: 1, at: 90 },
        { n: 3, at: 95 },
      ],
      30,
    )
    expect(given.map(({ n }) => n)).toEqual([0, 2, 1, 3])
    expect(given.at(-1)?.at).toBe(95)
  })

  it('what waits is bounded: a flood behind a gap is given on', () => {
    const flood = Array.from({ length: 1000 }, (_, i) => ({ n: i + 2, at: 1 }))
    const given = ordered([{ n: 0, at: 0 }, ...flood], 60)
    expect(given.filter(({ at }) => at === 1).length).toBeGreaterThan(800)
    expect(given.map(({ n }) => n)).toEqual([0, ...flood.map(({ n }) => n)])
  })
})

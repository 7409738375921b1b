import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import './support/seed.ts'
import { Budget } from '../src/consumer/budget.ts'
import { ArrivalLog } from '../src/producer/arrivals.ts'
import { GapTracker } from '../src/producer/gaps.ts'
import { PacketRing } from '../src/producer/ring.ts'
import { readTransportFeedback } from '../src/rtp/transport-cc.ts'

describe('findings §1, 6: gaps are asked for, bounded', () => {
  test('each missing number at once, again every 60 ms, six times, then given up', () => {
    const g = new GapTracker()
    g.note(65_534, 0)
    g.note(1, 0)
    const asked: number[][] = []
    for (let t = 0; t < 1000; t += 20) {
      const due = g.due(t)
      if (due.length) asked.push(due)
    }
    expect(asked).toEqual(new Array(6).fill([65_535, 0]))
    expect(g.waiting).toBe(false)
  })
  test('a late packet is not asked for again; a second copy is a duplicate', () => {
    const g = new GapTracker()
    g.note(10, 0)
    g.note(12, 0)
    expect(g.note(11, 5)).toBe('late')
    expect(g.note(11, 6)).toBe('duplicate')
    expect(g.due(100)).toEqual([])
  })
  test('a leap is no loss: nothing is asked for', () => {
    const g = new GapTracker()
    g.note(1, 0)
    expect(g.note(5000, 0)).toBe('jump')
    expect(g.due(0)).toEqual([])
  })
  test('any order of any window: asked are exactly the missing ones', () => {
    const windowed = fc.record({
      base: fc.nat(0xffff),
      arrived: fc.uniqueArray(fc.nat(100), { minLength: 1 }),
    })
    fc.assert(
      fc.property(windowed, ({ base, arrived }) => {
        const g = new GapTracker()
        g.note((base - 1) & 0xffff, 0)
        for (const a of arrived) g.note((base + a) & 0xffff, 0)
        const last = Math.max(...arrived)
        const missing = Array.from({ length: last }, (_, i) => i).filter(
          (i) => !arrived.includes(i),
        )
        expect(new Set(g.due(0))).toEqual(new Set(missing.map((m) => (base + m) & 0xffff)))
        expect(g.count()).toMatchObject({ expected: last + 2, received: arrived.length + 1 })
      }),
    )
  })
  test('what a page can make us remember is bounded', () => {
    const g = new GapTracker()
    for (let i = 0, seq = 0; i < 2000; i++, seq = (seq + 120) & 0xffff) g.note(seq, 0)
    expect(g.due(0).length).toBeLessThanOrEqual(512)
  })
})

test('findings §4.3, 9: the ring keeps 512 packets for about a second', () => {
  const ring = new PacketRing()
  const packet = (seq: number, at: number) => ({
    bytes: Buffer.alloc(1),
    seq,
    timestamp: 0,
    ssrc: 1,
    level: 0,
    vp8: null,
    at,
  })
  for (let i = 0; i < 600; i++) ring.put(packet((65_000 + i) & 0xffff, 100))
  expect(ring.get(65_000, 100)).toBeNull()
  expect(ring.get((65_000 + 599) & 0xffff, 100)?.seq).toBe((65_000 + 599) & 0xffff)
  expect(ring.get((65_000 + 599) & 0xffff, 1400)).toBeNull()
})

test('a budget gives its burst, then its rate', () => {
  const budget = new Budget(10, 5)
  const take = (now: number, n: number) =>
    Array.from({ length: n }, () => budget.take(now)).filter(Boolean).length
  expect(take(0, 9)).toBe(5)
  expect(take(500, 9)).toBe(5)
  expect(take(700, 9)).toBe(2)
  expect(take(60_000, 9)).toBe(5)
})

describe('transport-wide feedback to a publisher', () => {
  type Told = Map<number, number | null>
  const read = (b: Buffer | null): Told => {
    const told: Told = new Map()
    if (b) readTransportFeedback(b, 0, b.length, (seq, us) => told.set(seq, us))
    return told
  }

  test('reordered and wrapped numbers are reported, a leap does not blow the report up', () => {
    const log = new ArrivalLog()
    for (const seq of [65_534, 0, 65_535, 2]) log.note(seq, 1_000_000 + seq)
    const first = log.take(1, 2, 1_140_000) as Buffer
    expect([first.readUInt16BE(12), first.readUInt16BE(14)]).toEqual([65_534, 5])
    expect(log.take(1, 2, 1_190_000)).toBeNull()
    log.note(3, 2_000_000)
    log.note(30_000, 2_000_000)
    const leap = log.take(1, 2, 2_060_000) as Buffer
    expect(leap.readUInt16BE(14)).toBeLessThanOrEqual(400)
    expect(leap.length).toBeLessThan(1200)
  })

  test('a packet called missing that was only late is told anew, with the arrivals since', () => {
    const log = new ArrivalLog()
    for (const seq of [10, 11, 13, 14]) log.note(seq, seq * 1000)
    expect([...read(log.take(1, 2, 50_000)).keys()]).toEqual([10, 11])
    expect(read(log.take(1, 2, 80_000)).get(12)).toBeNull()
    log.note(12, 82_000)
    log.note(15, 83_000)
    expect([...read(log.take(1, 2, 100_000))]).toEqual([
      // It was overtaken, it did not queue.
      [12, 13_000],
      [13, 13_000],
      [14, 14_000],
      [15, 83_000],
    ])
    log.note(16, 101_000)
    expect([...read(log.take(1, 2, 150_000)).keys()]).toEqual([16])
  })

  /** What was told last of each packet, and every number that was called missing; one each 4 ms. */
  const tellOf = (delays: readonly number[]) => {
    const log = new ArrivalLog()
    const told: Told = new Map()
    const missing: number[] = []
    for (let ms = 0; ms <= delays.length * 4 + 200; ms++) {
      delays.forEach((d, seq) => {
        if (seq * 4 + d === ms) log.note(seq, ms * 1000)
      })
      if (ms % 50 !== 0) continue
      for (const [seq, us] of read(log.take(1, 2, ms * 1000))) {
        told.set(seq, us)
        if (us === null) missing.push(seq)
      }
    }
    return { told: delays.map((_, seq) => told.get(seq) ?? null), missing }
  }

  test('50 ms of jitter with reordering is no loss and no queue: all arrive, none later than one behind it', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50), { minLength: 20, maxLength: 200 }), (delays) => {
        const { told } = tellOf(delays)
        const arrivals = delays.map((d, seq) => (seq * 4 + d) * 1000)
        told.forEach((us, seq) => {
          expect(us).not.toBeNull()
          expect(us).toBeLessThanOrEqual(arrivals[seq] as number)
          expect(us).toBeGreaterThanOrEqual(Math.min(...arrivals.slice(seq)))
        })
      }),
      { seed: 15 },
    )
  })

  test('a path that keeps the order is told as it is, however it delays', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50), { minLength: 20, maxLength: 200 }), (extra) => {
        let last = 0
        const delays = extra.map((d, seq) => {
          last = Math.max(last, seq * 4 + d)
          return last - seq * 4
        })
        const { told, missing } = tellOf(delays)
        expect(missing).toEqual([])
        expect(told).toEqual(delays.map((d, seq) => (seq * 4 + d) * 1000))
      }),
      { seed: 15 },
    )
  })

  test('where packets overtake each other, feedback waits for the late ones: none is called missing', () => {
    const delays = Array.from({ length: 400 }, (_, i) => (i * 37) % 51)
    expect(tellOf(delays).missing).toEqual([])
  })

  test('what is lost is called so after 60 ms, with all that came behind it', () => {
    const log = new ArrivalLog()
    for (const seq of [10, 11, 13, 14, 15]) log.note(seq, seq * 1000)
    expect([...read(log.take(1, 2, 50_000)).keys()]).toEqual([10, 11])
    log.note(16, 72_000)
    expect(log.take(1, 2, 72_000)).toBeNull()
    expect([...read(log.take(1, 2, 73_000))]).toEqual([
      [12, null],
      ...[13, 14, 15].map((seq) => [seq, seq * 1000]),
      [16, 72_000],
    ])
  })

  test('a flood of numbers within one report is bounded', () => {
    const log = new ArrivalLog()
    for (let seq = 0; seq < 60_000; seq++) log.note(seq, 1_000)
    expect((log.take(1, 2, 1_000) as Buffer).length).toBeLessThan(1200)
  })
})

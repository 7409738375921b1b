import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import './support/seed.ts'
import { allocate, type Demand } from '../src/congestion/allocator.ts'
import { DownlinkEstimator } from '../src/congestion/estimator.ts'
import { Prober } from '../src/congestion/prober.ts'
import { SendLog } from '../src/congestion/send-log.ts'
import { writeTransportFeedback } from '../src/rtp/transport-cc.ts'

const layer = (height: number, rate: number, active = true) => ({ height, rate, active })
const camera = (wishedHeight: number, chosen = -1): Demand => ({
  wishedHeight,
  layers: [layer(180, 150_000), layer(720, 1_500_000)],
  chosen,
})

describe('findings §1, 7: which layer a receiver gets', () => {
  test('by the wished height, if there is room', () => {
    expect(allocate([camera(180), camera(720), camera(1080)], 1e7)).toEqual([0, 1, 1])
  })
  test('every video its small layer before any its large one; the largest view first', () => {
    expect(allocate([camera(540), camera(720), camera(540)], 2_300_000)).toEqual([0, 1, 0])
  })
  test('videos pause from the last wish on when even small layers do not fit', () => {
    expect(allocate([camera(180, 0), camera(180, 0), camera(180, 0)], 310_000)).toEqual([0, 0, -1])
    expect(allocate([camera(720)], 50_000)).toEqual([-1])
  })
  test('a silent layer is not chosen', () => {
    const d = { ...camera(720), layers: [layer(180, 1e5), layer(720, 1e6, false)] }
    expect(allocate([d], 1e7)).toEqual([0])
  })
  test('of layers of one size a small view gets the slow one, any other the last', () => {
    const screen = (wishedHeight: number, active = true): Demand => ({
      wishedHeight,
      layers: [layer(900, 2e5, active), layer(900, 8e5, active)],
      isOneSize: true,
      chosen: 1,
    })
    expect(allocate([screen(120)], 1e7)).toEqual([0])
    expect(allocate([screen(360)], 1e7)).toEqual([1])
    expect(allocate([screen(360)], 3e5)).toEqual([0])
    // A screen that does not change sends nothing for a while.
    expect(allocate([screen(360, false)], 1e7)).toEqual([1])
  })
  test('from a large layer to the middle one no room is needed beyond what it takes', () => {
    const layers = [layer(180, 150_000), layer(360, 500_000), layer(720, 1_500_000)]
    expect(allocate([{ wishedHeight: 720, layers, chosen: 2 }], 510_000)).toEqual([1])
    expect(allocate([{ wishedHeight: 720, layers, chosen: 0 }], 510_000)).toEqual([0])
  })
  test('an estimate that goes up and down around a border settles: no video changes for ever', () => {
    const rates = fc.uniqueArray(fc.integer({ min: 50_000, max: 3_000_000 }), {
      minLength: 1,
      maxLength: 3,
    })
    const video = fc.record({ wishedHeight: fc.integer({ min: 90, max: 1080 }), rates })
    const hovering = (videos: { wishedHeight: number; rates: number[] }[], middle: number) => {
      let chosen = videos.map(() => -1)
      const seen: string[] = []
      // A path too narrow is estimated at 0.85 of what it took, and grows back.
      for (let i = 0; i < 60; i++) {
        const demands = videos.map((v, n) => ({
          wishedHeight: v.wishedHeight,
          layers: v.rates
            .toSorted((a, b) => a - b)
            .map((rate, at) => layer([180, 360, 720][at] as number, rate)),
          chosen: chosen[n] as number,
        }))
        chosen = allocate(demands, middle * (i % 2 ? 1.08 : 0.92))
        seen.push(chosen.join())
      }
      return seen
    }
    fc.assert(
      fc.property(
        fc.array(video, { minLength: 1, maxLength: 9 }),
        fc.integer({ min: 50_000, max: 20_000_000 }),
        (videos, middle) => {
          const late = hovering(videos, middle).slice(2 * videos.length + 4)
          expect(new Set(late).size).toBe(1)
        },
      ),
      { numRuns: 3000 },
    )
  })
  test('rates chosen never exceed what is available', () => {
    const demand = fc.record({
      wishedHeight: fc.integer({ min: 1, max: 2160 }),
      layers: fc.array(
        fc.record({ height: fc.nat(1080), rate: fc.nat(3_000_000), active: fc.boolean() }),
        { minLength: 1, maxLength: 3 },
      ),
      chosen: fc.integer({ min: -1, max: 0 }),
    })
    fc.assert(
      fc.property(fc.array(demand, { maxLength: 8 }), fc.nat(8_000_000), (demands, available) => {
        const chosen = allocate(demands, available)
        const sum = chosen.reduce((s, c, i) => s + (demands[i]?.layers[c]?.rate ?? 0), 0)
        expect(sum).toBeLessThanOrEqual(available)
        expect(chosen).toHaveLength(demands.length)
      }),
    )
  })
})

describe('findings §3.3: the downlink estimate', () => {
  const feed = (
    e: DownlinkEstimator,
    o: { from: number; ms: number; rate: number; transit: number; lost?: number },
  ) => {
    for (let t = 0; t < o.ms; t += 50)
      e.feedback(
        { received: 10, lost: o.lost ?? 0, bytes: (o.rate * 0.05) / 8, leastTransit: o.transit },
        o.from + t,
        3e6,
      )
    return o.from + o.ms
  }
  test('a standing queue brings it under the acknowledged rate within a second', () => {
    const e = new DownlinkEstimator()
    const at = feed(e, { from: 1, ms: 2000, rate: 2e6, transit: 20 })
    const before = e.estimate
    feed(e, { from: at, ms: 1000, rate: 4e5, transit: 250 })
    expect(before).toBeGreaterThan(2e6)
    expect(e.estimate).toBeLessThan(4.2e5)
  })
  test('a page whose clock leaps forward by seconds is not taken for a queue; a queue after it still is', () => {
    const e = new DownlinkEstimator()
    let at = feed(e, { from: 1, ms: 2000, rate: 2e6, transit: 20 })
    const before = e.estimate
    at = feed(e, { from: at, ms: 3000, rate: 2e6, transit: 4360 })
    expect(e.estimate).toBeGreaterThanOrEqual(before)
    at = feed(e, { from: at, ms: 1000, rate: 4e5, transit: 4590 })
    expect(e.estimate).toBeLessThan(4.2e5)
    expect(e.isCongested).toBe(true)
  })
  test('what is sent less after a reduction does not count as a narrower path', () => {
    const e = new DownlinkEstimator()
    let at = feed(e, { from: 1, ms: 1000, rate: 2e6, transit: 20 })
    at = feed(e, { from: at, ms: 600, rate: 4e5, transit: 250 })
    const reduced = e.estimate
    feed(e, { from: at, ms: 500, rate: 4e4, transit: 250 })
    expect(e.estimate).toBe(reduced)
  })
  test('loss over 10 % brings it near the acknowledged rate', () => {
    const e = new DownlinkEstimator()
    feed(e, { from: 1, ms: 2000, rate: 5e5, transit: 20, lost: 3 })
    expect(e.estimate).toBeLessThan(7e5)
  })
  test('one bad moment of a busy receiver changes nothing', () => {
    const e = new DownlinkEstimator()
    let at = feed(e, { from: 1, ms: 300, rate: 2e6, transit: 20 })
    const before = e.estimate
    // Exactly one window of 250 ms.
    at = feed(e, { from: at, ms: 250, rate: 2e6, transit: 300 })
    feed(e, { from: at, ms: 1000, rate: 2e6, transit: 20 })
    expect(e.estimate).toBeGreaterThanOrEqual(before)
  })
  test('after that it grows only as far as what arrives proves, or a probe', () => {
    const e = new DownlinkEstimator()
    let at = feed(e, { from: 1, ms: 1000, rate: 2e6, transit: 20 })
    at = feed(e, { from: at, ms: 2000, rate: 2e5, transit: 300 })
    expect(e.isLimited).toBe(false)
    at = feed(e, { from: at, ms: 10_000, rate: 2e5, transit: 20 })
    expect(e.estimate).toBeLessThan(3.1e5)
    expect(e.isLimited).toBe(true)
    e.probed(3e6)
    expect(e.estimate).toBe(3e6)
    feed(e, { from: at, ms: 2000, rate: 3e6, transit: 20 })
    expect(e.estimate).toBeGreaterThan(3e6)
  })
  test('without probes it goes on growing', () => {
    const e = new DownlinkEstimator()
    let at = feed(e, { from: 1, ms: 1000, rate: 2e6, transit: 20 })
    at = feed(e, { from: at, ms: 2000, rate: 2e5, transit: 300 })
    e.trust()
    feed(e, { from: at, ms: 10_000, rate: 2e5, transit: 20 })
    expect(e.estimate).toBeGreaterThan(6e5)
  })
})

describe('a probe tells what a path takes', () => {
  /** A path of `rate` bit/s that carries bursts of 279-byte packets. */
  const path = (rate: number, lossy = false) => {
    let next = 65_530
    let freeAt = 0
    let now = 1000
    const bursts: number[] = []
    let arrivals: [number, number][] = []
    const p: Prober = new Prober(
      () => next & 0xffff,
      (packets) => {
        bursts.push(now)
        for (let i = 0; i < packets; i++) {
          freeAt = Math.max(now, freeAt) + (279 * 8000) / rate
          if (!lossy || i % 2) arrivals.push([next & 0xffff, freeAt])
          next += 1
        }
        return packets
      },
      279,
    )
    const run = (estimate: number, wanted: number, ms: number) => {
      let found: number | null = null
      for (const end = now + ms; now < end; now += 200) {
        for (const [seq, at] of arrivals) p.arrived(seq, at, 279)
        arrivals = []
        found = p.result(estimate, now) ?? found
        p.run(estimate, wanted, now)
      }
      return found
    }
    return { p, run, bursts }
  }
  test('no more than it takes', () => {
    const found = path(300_000).run(250_000, 1_200_000, 2000) as number
    expect(found).toBeGreaterThan(240_000)
    expect(found).toBeLessThan(300_000)
  })
  test('all that is wanted where there is room', () => {
    expect(path(1e8).run(500_000, 1_200_000, 2000)).toBe(1_200_000)
  })
  test('in steps of three', () => {
    expect(path(1e8).run(100_000, 1_200_000, 2000)).toBe(300_000)
  })
  test('a path that loses it takes nothing more, and is left in peace for up to 4 s', () => {
    const { run, bursts } = path(1e8, true)
    expect(run(100_000, 1_200_000, 20_000)).toBe(0)
    expect(bursts.length).toBeLessThan(8)
    expect(bursts.at(-1)! - bursts.at(-2)!).toBeLessThan(5_000)
  })
  test('where padding is impossible it says so', () => {
    const p = new Prober(
      () => 0,
      () => 0,
      279,
    )
    expect(p.run(1e5, 1e6, 1)).toBe(false)
  })
})

const feedbackOf = (base: number, arrived: readonly number[], span = 10) => {
  const arrivals = arrived.map((i) => ({ n: i, us: 5_000_000 + i * 1000 }))
  const b = writeTransportFeedback({ sender: 1, media: 2, count: 0 }, 0, span, arrivals)
  b.writeUInt16BE(base, 12)
  return b
}

test('a send log tells received from lost, once each, over the wrap-around of its numbers', () => {
  const log = new SendLog()
  for (let i = 0; i < 65_530; i++) log.sent(100, i)
  for (let i = 0; i < 10; i++) log.sent(1000, 1000 + i)
  const b = feedbackOf(65_530, [0, 1, 2, 7, 9])
  expect(log.acknowledge(b, 0, b.length, 0)).toMatchObject({ received: 5, lost: 0, bytes: 5000 })
  expect(log.acknowledge(b, 0, b.length, 200)).toMatchObject({ received: 0, lost: 5 })
  expect(log.acknowledge(b, 0, b.length, 400)).toBeNull()
})

test('a packet that was only overtaken is not lost', () => {
  const log = new SendLog()
  for (let i = 0; i < 10; i++) log.sent(1000, i)
  const early = feedbackOf(0, [0, 1, 2, 3, 5, 6, 7, 8, 9])
  expect(log.acknowledge(early, 0, early.length, 100)).toMatchObject({ received: 9, lost: 0 })
  const late = feedbackOf(4, [0], 1)
  expect(log.acknowledge(late, 0, late.length, 180)).toMatchObject({ received: 1, lost: 0 })
  expect(log.acknowledge(late, 0, late.length, 500)).toBeNull()
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { allocate, type Demand } from '../src/congestion/allocator.ts'
import { DownlinkEstimator } from '../src/congestion/estimator.ts'
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
  test('so does loss over 10 %', () => {
    const e = new DownlinkEstimator()
    feed(e, { from: 1, ms: 2000, rate: 5e5, transit: 20, lost: 3 })
    expect(e.estimate).toBeLessThan(5.5e5)
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
  test('it comes back after the queue has gone', () => {
    const e = new DownlinkEstimator()
    let at = feed(e, { from: 1, ms: 1000, rate: 2e6, transit: 20 })
    at = feed(e, { from: at, ms: 2000, rate: 2e5, transit: 300 })
    feed(e, { from: at, ms: 10_000, rate: 2e5, transit: 20 })
    expect(e.estimate).toBeGreaterThan(6e5)
  })
})

test('a send log tells received from lost, once each, over the wrap-around of its numbers', () => {
  const log = new SendLog()
  for (let i = 0; i < 65_530; i++) log.sent(100, i)
  for (let i = 0; i < 10; i++) log.sent(1000, 1000 + i)
  const arrivals = [0, 1, 2, 7, 9].map((i) => ({ n: i, us: 5_000_000 + i * 1000 }))
  const b = writeTransportFeedback({ sender: 1, media: 2, count: 0 }, 0, 10, arrivals)
  b.writeUInt16BE(65_530, 12)
  const sum = log.acknowledge(b, 0, b.length)
  expect(sum).toMatchObject({ received: 5, lost: 5, bytes: 5000 })
  const again = log.acknowledge(b, 0, b.length)
  expect(again).toMatchObject({ received: 0, lost: 5 })
})

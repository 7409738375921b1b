import { expect, test } from 'vitest'
import { measure, type Stat } from '../../src/media/rtc-stats.ts'

const inbound = (change: Partial<Stat>): Stat => ({ id: 'in', type: 'inbound-rtp', ...change })
const video = (change: Partial<Stat>): Stat => ({
  id: 'out',
  type: 'outbound-rtp',
  kind: 'video',
  ...change,
})

test('07 §6: downward loss is what was lost since the last read', () => {
  const before = [inbound({ packetsLost: 100, packetsReceived: 100 })]
  const now = [inbound({ packetsLost: 110, packetsReceived: 190, jitter: 0.04 })]
  expect(measure(before, now, 1)).toMatchObject({ loss: 10, jitter: 40 })
})

test('07 §6: upward loss is averaged by packet count and the larger side counts', () => {
  const now: Stat[] = [
    video({ packetsSent: 300 }),
    { id: 'mic', type: 'outbound-rtp', kind: 'audio', packetsSent: 100 },
    { id: 'r1', type: 'remote-inbound-rtp', localId: 'out', fractionLost: 0.2 },
    { id: 'r2', type: 'remote-inbound-rtp', localId: 'mic', fractionLost: 0 },
    inbound({ packetsLost: 1, packetsReceived: 99 }),
  ]
  expect(measure([], now, 1).loss).toBeCloseTo(15)
})

test('07 §6: round trip comes from the nominated pair; without media nothing is measured', () => {
  const pair = { type: 'candidate-pair', currentRoundTripTime: 0.05 }
  const now = [
    { id: 'a', ...pair, nominated: true, bytesReceived: 7 },
    { id: 'b', ...pair, currentRoundTripTime: 9 },
  ]
  expect(measure([], now, 1)).toMatchObject({ rtt: 50, bytesReceived: 7, loss: null, jitter: null })
})

test('07 §6: a video that bandwidth holds below 30 % of its maximum caps the level at 4', () => {
  const limited = { qualityLimitationReason: 'bandwidth' }
  const before = [video({ timestamp: 0, bytesSent: 0, ...limited })]
  const now = (bytesSent: number) => [video({ timestamp: 2000, bytesSent, ...limited })]
  expect(measure(before, now(10_000), 200_000).cap).toBe(4)
  expect(measure(before, now(25_000), 200_000).cap).toBe(7)
  expect(measure(before, now(40_000), 200_000).cap).toBe(10)
  expect(measure(before, [video({ timestamp: 2000, bytesSent: 10 })], 200_000).cap).toBe(10)
})

import { expect, test } from 'vitest'
import {
  bandwidthCap,
  NETWORK_START,
  type NetworkSample,
  nextNetwork,
} from '../../src/media/network-level.ts'

const GOOD: NetworkSample = { loss: 0, rtt: 10, jitter: 1, cap: 10, path: 'good' }
const run = (...samples: Partial<NetworkSample>[]) =>
  samples.reduce((state, sample) => nextNetwork(state, { ...GOOD, ...sample }), NETWORK_START)

test('07 §6: the first sample is reported at once', () => {
  expect(run({}).level).toBe(10)
  expect(run({ rtt: 120 }).level).toBe(9)
})

test.each<[Partial<NetworkSample>, number]>([
  [{ loss: 1 }, 10],
  [{ loss: 1.1 }, 9],
  [{ loss: 12 }, 5],
  [{ loss: 51 }, 0],
  [{ rtt: 350 }, 6],
  [{ rtt: 2500 }, 1],
  [{ jitter: 180 }, 4],
  [{ jitter: 601 }, 0],
  [{ loss: 3, rtt: 700, jitter: 30 }, 4],
  [{ loss: null, rtt: null, jitter: null }, 10],
  [{ cap: 7 }, 7],
])('07 §6: %o scores %d, the smallest counts', (sample, level) => {
  expect(run(sample).level).toBe(level)
})

test('07 §6: a change by one step needs two samples in a row that agree', () => {
  expect(run({}, { cap: 9 }).level).toBe(10)
  expect(run({}, { cap: 9 }, { cap: 9 }).level).toBe(9)
  expect(run({}, { cap: 9 }, {}, { cap: 9 }).level).toBe(10)
})

test('07 §6: a change by two or more steps is reported at once', () => {
  expect(run({}, { cap: 8 }).level).toBe(8)
})

test('07 §6: loss, round trip and jitter are smoothed with weight 0.5', () => {
  expect(run({ rtt: 0 }, { rtt: 1400 }).rtt).toBe(700)
  expect(run({ rtt: 0 }, { rtt: 1400 }).level).toBe(4)
  expect(run({ jitter: 40 }, { jitter: null }).jitter).toBe(40)
})

test('07 §6: at most 1 while ICE is disconnected or signalling recovers, 0 when dead', () => {
  expect(run({}, { path: 'shaky' }).level).toBe(1)
  expect(run({}, { path: 'dead' }).level).toBe(0)
})

test('07 §6: B is 10, 7 below 60 % and 4 below 30 % of the configured maximum', () => {
  expect([0.6, 0.59, 0.3, 0.29].map(bandwidthCap)).toEqual([10, 7, 7, 4])
})

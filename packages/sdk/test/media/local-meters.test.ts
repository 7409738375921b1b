import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createLocalMeters } from '../../src/media/local-meters.ts'
import type { OwnedDevices } from '../../src/media/port.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const start = () => {
  const world = { dbfs: Number.NEGATIVE_INFINITY, open: false }
  const heard: number[][] = []
  const levels: number[] = []
  const meters = createLocalMeters({
    devices: { micLevel: () => world.dbfs } as OwnedDevices,
    me: 'me',
    micOpen: () => world.open,
    energy: (_userID, old, now) => heard.push([old, now]),
    network: (level) => levels.push(level),
  })
  return { world, heard, levels, meters }
}

test('08 §2.2, §5: own energy is measured without the media service, five times a second', () => {
  const { world, heard, meters } = start()
  Object.assign(world, { dbfs: -10, open: true })
  vi.advanceTimersByTime(200)
  expect(meters.energyOf('me')).toBe(8)
  world.dbfs = -100
  vi.advanceTimersByTime(1000)
  expect(heard).toEqual([
    [0, 8],
    [8, 6],
    [6, 4],
    [4, 2],
    [2, 0],
  ])
  meters.close()
})

test('08 §5: a microphone that is opening has no energy; one that closes ends at 0 at once', () => {
  const { world, heard, meters } = start()
  world.dbfs = -1
  vi.advanceTimersByTime(1000)
  expect(heard).toEqual([])
  world.open = true
  vi.advanceTimersByTime(200)
  world.open = false
  vi.advanceTimersByTime(200)
  expect(heard).toEqual([
    [0, 10],
    [10, 0],
  ])
  meters.close()
})

test('07 §6: the level is told without media too, and falls while the link is down', async () => {
  const { levels, meters } = start()
  await vi.advanceTimersByTimeAsync(2000)
  expect(levels).toEqual([10])
  meters.setLinkState(false)
  await vi.advanceTimersByTimeAsync(2000)
  expect(levels).toEqual([10, 1])
  await vi.advanceTimersByTimeAsync(8000)
  expect(levels.at(-1)).toBe(0)
  meters.close()
  await vi.advanceTimersByTimeAsync(10_000)
  expect(levels.at(-1)).toBe(0)
})

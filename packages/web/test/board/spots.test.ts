import type { Boards } from '@yuntang/sdk'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { effectScope } from 'vue'
import { type Spot, useSpots } from '../../src/board/spots.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

const follow = () => {
  let tell: (spot: Spot) => void = () => {}
  const boards = {
    on: (_: string, listener: (spot: Spot) => void) => {
      tell = listener
      return () => {}
    },
  } as unknown as Boards
  const scope = effectScope()
  const { spots } = scope.run(() => useSpots(boards)) as ReturnType<typeof useSpots>
  const point = (x: number, y: number, by = 'a') => tell({ boardID: 'b', page: 0, x, y, by })
  return { spots, point, scope }
}

it('12 §5: a spot is shown for 2 s after the last pointing of its member', () => {
  const { spots, point } = follow()
  point(1, 1)
  vi.advanceTimersByTime(1_500)
  point(2, 2)
  point(3, 3, 'other')
  vi.advanceTimersByTime(1_999)
  expect([...spots.values()].map(({ x }) => x)).toEqual([2, 3])
  vi.advanceTimersByTime(1)
  expect(spots.size).toBe(0)
})

it('12 §5: a negative coordinate hides it at once, of this member only', () => {
  const { spots, point } = follow()
  point(1, 1)
  point(3, 3, 'other')
  point(0, -1)
  expect([...spots.keys()]).toEqual(['other'])
})

import { expect, test } from 'vitest'
import { levelOf, nextLevel, toDbfs } from '../../src/media/energy-scale.ts'

test.each([
  [0, 10],
  [-3, 10],
  [-3.1, 9],
  [-7, 9],
  [-11, 8],
  [-16, 7],
  [-21, 6],
  [-26, 5],
  [-32, 4],
  [-38, 3],
  [-44, 2],
  [-50, 1],
  [-50.1, 0],
  [Number.NEGATIVE_INFINITY, 0],
])('08 §5: %d dBFS is level %d', (dbfs, level) => {
  expect(levelOf(dbfs)).toBe(level)
})

test('08 §5: levels rise at once and fall by at most two steps per measurement', () => {
  expect(nextLevel(0, -3)).toBe(10)
  expect(nextLevel(10, -100)).toBe(8)
  expect(nextLevel(10, -7)).toBe(9)
  expect(nextLevel(1, Number.NEGATIVE_INFINITY)).toBe(0)
})

test('08 §5: a linear level of 1 is 0 dBFS, a tenth is -20 dBFS, 0 is silence', () => {
  expect(toDbfs(1)).toBe(0)
  expect(toDbfs(0.1)).toBeCloseTo(-20)
  expect(toDbfs(0)).toBe(Number.NEGATIVE_INFINITY)
})

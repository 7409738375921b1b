import { describe, expect, it } from 'vitest'
import { layoutWall, seatsOf, WALLS, type Wall } from '../src/wall/walls.ts'

const wall = (mode: number) => WALLS.get(mode) as Wall
const people = (n: number) => Array.from({ length: n }, (_, i) => `u${i}`)

describe('11 §3.1: layouts of the wall', () => {
  it.each([
    [0, 2],
    [1, 1],
    [3, 4],
    [4, 5],
    [5, 6],
    [6, 9],
    [7, 13],
    [8, 16],
    [9, 25],
  ])('mode %i has %i tiles inside the area, which overlap only as an inset', (mode, count) => {
    const { places } = wall(mode)
    expect(places).toHaveLength(count)
    for (const [i, [x, y, w, h]] of places.entries()) {
      expect(Math.min(x, y)).toBeGreaterThanOrEqual(0)
      expect(Math.max(x + w, y + h)).toBeLessThanOrEqual(1.0001)
      for (const [x2, y2, w2, h2] of mode === 0 ? [] : places.slice(i + 1))
        expect(
          x + w > x2 + 1e-9 && x2 + w2 > x + 1e-9 && y + h > y2 + 1e-9 && y2 + h2 > y + 1e-9,
        ).toBe(false)
    }
  })

  it('main tiles come first and are where the table says', () => {
    expect(wall(4).places.slice(0, 2)).toEqual([
      [0, 0.125, 0.75, 0.75],
      [0.75, 0, 0.25, 0.25],
    ])
    expect(wall(5).places[0]).toEqual([0, 0, 2 / 3, 2 / 3])
    expect(wall(7).places[0]).toEqual([0.25, 0.25, 0.5, 0.5])
  })

  it('the area is 16:9 in the middle of the space, with gaps between tiles only', () => {
    const space = { width: 1000, height: 900, gap: 8 }
    const { boxes, height } = layoutWall(wall(3), space)
    expect(height).toBe(900)
    expect(boxes[0]).toEqual({ x: 0, y: 168, width: 496, height: 277 })
    expect(boxes[3]).toEqual({ x: 504, y: 453, width: 496, height: 277 })
    const [wide] = layoutWall(wall(1), { width: 2000, height: 900, gap: 8 }).boxes
    expect(wide).toEqual({ x: 200, y: 0, width: 1600, height: 900 })
    for (let width = 300; width < 460; width++)
      for (const { places } of WALLS.values())
        for (const box of layoutWall({ ...wall(1), places }, { ...space, width }).boxes) {
          expect(box.x + box.width).toBeLessThanOrEqual(width)
          expect(box.y + box.height).toBeLessThanOrEqual(900)
        }
    for (const box of layoutWall(wall(9), { width: 0, height: 0, gap: 8 }).boxes)
      expect([box.width, box.height]).toEqual([0, 0])
  })
})

describe('11 §3.1: seating', () => {
  const watchable = ['me', 'a', 'b', 'c', 'd', 'e']
  it('the main tile is the main video if open, otherwise the first other member', () => {
    const seats = (mainVideo: string) => seatsOf(wall(4), { watchable, me: 'me', mainVideo })
    expect(seats('c')).toEqual(['c', 'me', 'a', 'b', 'd'])
    expect(seats('')).toEqual(['a', 'me', 'b', 'c', 'd'])
    expect(seats('closed')).toEqual(['a', 'me', 'b', 'c', 'd'])
    expect(seatsOf(wall(4), { watchable: ['me'], me: 'me', mainVideo: '' })).toEqual(['me'])
    expect(seatsOf(wall(4), { watchable: [], me: 'me', mainVideo: 'me' })).toEqual([])
  })

  it('one to one: the other and me; surplus tiles stay empty, surplus videos are not shown', () => {
    expect(seatsOf(wall(0), { watchable, me: 'me', mainVideo: '' })).toEqual(['a', 'me'])
    expect(seatsOf(wall(0), { watchable: ['a'], me: 'me', mainVideo: '' })).toEqual(['a'])
    expect(seatsOf(wall(3), { watchable, me: 'me', mainVideo: 'e' })).toEqual(['me', 'a', 'b', 'c'])
    expect(seatsOf(wall(9), { watchable: people(30), me: 'u3', mainVideo: '' })).toHaveLength(25)
    expect(seatsOf(wall(9), { watchable: ['a'], me: 'me', mainVideo: '' })).toEqual(['a'])
  })
})

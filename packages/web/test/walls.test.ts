import type { MemberInfo } from '@yuntang/sdk'
import { describe, expect, it } from 'vitest'
import { tilesOf } from '../src/wall/tiles.ts'
import {
  AUTOMATIC,
  layoutWall,
  type Place,
  seatsOf,
  shownMode,
  WALLS,
  type Wall,
} from '../src/wall/walls.ts'

const wall = (mode: number) => WALLS.get(mode) as Wall
const people = (n: number) => Array.from({ length: n }, (_, i) => `u${i}`)
const cameras = (list: readonly string[]) => list.map((userID) => ({ userID, videoID: 1 }))

describe('11 §3.1: layouts of the wall', () => {
  it.each([
    [0, 2],
    [1, 1],
    [2, 2],
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

  const third = 1 / 3
  const around = [0, 1, 2, 3].flatMap((row) =>
    [0, 1, 2, 3].map((column): Place => [column / 4, row / 4, 0.25, 0.25]),
  )
  it.each<[number, readonly Place[]]>([
    [
      0,
      [
        [0, 0, 1, 1],
        [0.75, 0.75, 0.25, 0.25],
      ],
    ],
    [1, [[0, 0, 1, 1]]],
    [
      2,
      [
        [0, 0.25, 0.5, 0.5],
        [0.5, 0.25, 0.5, 0.5],
      ],
    ],
    [
      3,
      [
        [0, 0, 0.5, 0.5],
        [0.5, 0, 0.5, 0.5],
        [0, 0.5, 0.5, 0.5],
        [0.5, 0.5, 0.5, 0.5],
      ],
    ],
    [
      4,
      [
        [0, 0.125, 0.75, 0.75],
        [0.75, 0, 0.25, 0.25],
        [0.75, 0.25, 0.25, 0.25],
        [0.75, 0.5, 0.25, 0.25],
        [0.75, 0.75, 0.25, 0.25],
      ],
    ],
    [
      5,
      [
        [0, 0, 2 * third, 2 * third],
        [2 * third, 0, third, third],
        [2 * third, third, third, third],
        [0, 2 * third, third, third],
        [third, 2 * third, third, third],
        [2 * third, 2 * third, third, third],
      ],
    ],
    [7, [[0.25, 0.25, 0.5, 0.5], ...around.filter((_, i) => ![5, 6, 9, 10].includes(i))]],
    [8, around],
  ])('the tiles of mode %i are those of the table, the main one first', (mode, places) => {
    expect(wall(mode).places).toHaveLength(places.length)
    for (const [i, place] of places.entries())
      for (const [k, part] of place.entries()) expect(wall(mode).places[i]?.[k]).toBeCloseTo(part)
  })

  it('6 and 9 are grids of 3 × 3 and 5 × 5, row by row', () => {
    expect(wall(6).places[5]?.map((part) => Math.round(part * 3))).toEqual([2, 1, 1, 1])
    expect(wall(9).places[24]?.map((part) => Math.round(part * 5))).toEqual([4, 4, 1, 1])
  })

  it('11 §3: a mode that nobody has set, and integers of other applications, show everybody', () => {
    expect(shownMode({ wall: 2, wallBy: '' })).toBe(AUTOMATIC)
    expect(shownMode({ wall: 2, wallBy: 'a' })).toBe(2)
    expect(shownMode({ wall: 7, wallBy: 'a' })).toBe(7)
    expect(shownMode({ wall: 4711, wallBy: 'a' })).toBe(AUTOMATIC)
    expect(shownMode({ wall: AUTOMATIC, wallBy: 'a' })).toBe(AUTOMATIC)
    expect(WALLS.has(AUTOMATIC)).toBe(false)
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
  const watchable = cameras(['me', 'a', 'b', 'c', 'd', 'e'])
  const seats = (mode: number, mainVideo: string, list = watchable, me = 'me') =>
    seatsOf(wall(mode), { watchable: list, me, mainVideo }).map(({ userID }) => userID)

  it('the main tile is the main video if open, otherwise the first other member', () => {
    expect(seats(4, 'c')).toEqual(['c', 'me', 'a', 'b', 'd'])
    expect(seats(4, '')).toEqual(['a', 'me', 'b', 'c', 'd'])
    expect(seats(4, 'closed')).toEqual(['a', 'me', 'b', 'c', 'd'])
    expect(seats(4, 'me')).toEqual(['me', 'a', 'b', 'c', 'd'])
    expect(seats(1, 'e')).toEqual(['e'])
    expect(seats(4, '', cameras(['me']))).toEqual(['me'])
    expect(seats(4, 'me', [])).toEqual([])
  })

  it('one to one: the other large and me small, also when I am the main video', () => {
    expect(seats(0, '')).toEqual(['a', 'me'])
    expect(seats(0, 'c')).toEqual(['c', 'me'])
    expect(seats(0, 'me')).toEqual(['a', 'me'])
    expect(seats(0, '', cameras(['a']))).toEqual(['a'])
    expect(seats(0, 'me', cameras(['me']))).toEqual(['me'])
  })

  it('surplus tiles stay empty, surplus videos are not shown', () => {
    expect(seats(2, 'e')).toEqual(['me', 'a'])
    expect(seats(3, 'e')).toEqual(['me', 'a', 'b', 'c'])
    expect(seats(9, '', cameras(people(30)), 'u3')).toHaveLength(25)
    expect(seats(9, '', cameras(['a']))).toEqual(['a'])
  })

  it('08 §6: every open camera has a seat, a member’s default one first', () => {
    const member = (userID: string, sending: number[], video = 3) =>
      ({
        ...{ userID, nickName: userID, video, sending, multiVideo: sending.length > 1 },
        cameras: sending.map((videoID) => ({ videoID, name: `camera ${videoID}` })),
      }) as unknown as MemberInfo
    const all = tilesOf([member('me', [1]), member('a', [7, 2]), member('b', [], 2)])
    expect(all.map(({ userID, videoID, camera }) => [userID, videoID, camera])).toEqual([
      ['me', -1, ''],
      ['a', 7, 'camera 7'],
      ['a', 2, 'camera 2'],
      ['b', -1, ''],
    ])
    const open = all.filter((tile) => tile.member.video === 3)
    const seated = seatsOf(wall(4), { watchable: open, me: 'me', mainVideo: 'a' })
    expect(seated.map(({ userID, videoID }) => [userID, videoID])).toEqual([
      ['a', 7],
      ['me', -1],
      ['a', 2],
    ])
  })
})

import { describe, expect, it } from 'vitest'
import {
  type Box,
  layoutGrid,
  layoutPinned,
  leastWidth,
  type StageLayout,
} from '../src/meeting/grid.ts'

const desk = { width: 1200, height: 700, gap: 8, minTileWidth: 116 }
const phone = { width: 374, height: 660, gap: 8, minTileWidth: 116 }
const counts = Array.from({ length: 25 }, (_, i) => i + 1)

const overlap = (a: Box, b: Box) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height

const expectSound = ({ boxes }: StageLayout, width: number, height: number) => {
  for (const [i, box] of boxes.entries()) {
    expect(box.x).toBeGreaterThanOrEqual(0)
    expect(box.y).toBeGreaterThanOrEqual(0)
    expect(box.x + box.width).toBeLessThanOrEqual(width)
    expect(box.y + box.height).toBeLessThanOrEqual(height)
    for (const other of boxes.slice(i + 1)) expect(overlap(box, other)).toBe(false)
  }
}
const columns = ({ boxes }: StageLayout) => boxes.filter(({ y }) => y === boxes[0]?.y).length

describe('grid: tiles fill the area', () => {
  it('one tile fills a desktop and stands upright on a phone', () => {
    const [wide] = layoutGrid({ ...desk, count: 1 }).boxes
    expect(wide).toMatchObject({ width: 1200, height: 700 })
    const [upright] = layoutGrid({ ...phone, count: 1 }).boxes
    expect(upright).toMatchObject({ width: 374, height: 498 })
  })

  it('two tiles stand side by side on a desktop and stack on a phone', () => {
    expect(columns(layoutGrid({ ...desk, count: 2, height: 560 }))).toBe(2)
    expect(columns(layoutGrid({ ...phone, count: 2 }))).toBe(1)
  })

  it.each([
    ['desktop', desk],
    ['phone', phone],
  ])('up to 25 tiles fit a %s without overlapping, and no shape is odd', (_, space) => {
    for (const count of counts) {
      const grid = layoutGrid({ ...space, count })
      expect(grid.boxes).toHaveLength(count)
      expectSound(grid, space.width, space.height)
      for (const { width, height } of grid.boxes) {
        expect(width / height).toBeLessThan(16 / 9 + 0.03)
        expect(width / height).toBeGreaterThan(0.74)
      }
    }
  })

  it('the last row stands in the middle', () => {
    const { boxes } = layoutGrid({ ...desk, count: 3 })
    const [first, , last] = boxes as [Box, Box, Box]
    expect(last.x + last.width / 2).toBeCloseTo(600, -1)
    expect(last.y).toBeGreaterThan(first.y)
  })

  it('a strip above what is shared on a phone cuts none of eight tiles', () => {
    const strip = { ...phone, height: 112, minTileWidth: leastWidth(112) }
    for (let count = 1; count <= 8; count++) {
      const grid = layoutGrid({ ...strip, count })
      expectSound(grid, strip.width, strip.height)
      expect(grid.boxes[0]?.width).toBeGreaterThanOrEqual(84)
    }
  })

  it('scrolls instead of shrinking below the least width', () => {
    const grid = layoutGrid({ ...phone, count: 60, height: 500 })
    expect(grid.height).toBeGreaterThan(500)
    expect(grid.boxes[0]?.width).toBeGreaterThanOrEqual(116)
    expectSound(grid, phone.width, grid.height)
  })

  it('an area or a meeting without extent gives empty tiles', () => {
    expect(layoutGrid({ ...desk, count: 0 }).boxes).toEqual([])
    expect(layoutGrid({ ...desk, count: 3, width: 0 }).boxes[2]?.width).toBe(0)
  })
})

describe('a pinned tile is the largest', () => {
  it.each([
    ['desktop', desk],
    ['phone', phone],
  ])('on a %s, whoever it is, and all others stay in sight', (_, space) => {
    for (const count of counts.slice(1))
      for (const pinned of [0, Math.floor(count / 2), count - 1]) {
        const { boxes, height } = layoutPinned({ ...space, count }, pinned)
        expect(boxes).toHaveLength(count)
        expectSound({ boxes, height }, space.width, height)
        expect(height).toBe(space.height)
        const area = (box?: Box) => (box ? box.width * box.height : 0)
        for (const [i, box] of boxes.entries())
          if (i !== pinned) expect(area(box)).toBeLessThan(area(boxes[pinned]))
      }
  })

  it('alone it takes the whole area', () => {
    expect(layoutPinned({ ...desk, count: 1 }, 0)).toEqual(layoutGrid({ ...desk, count: 1 }))
  })
})

import { describe, expect, it } from 'vitest'
import { layoutGrid } from '../src/meeting/grid.ts'

const space = { width: 1200, height: 700, gap: 8, minTileWidth: 150 }

describe('grid: 16:9 tiles fill the area', () => {
  it('one tile takes the whole width', () => {
    expect(layoutGrid({ ...space, count: 1 })).toEqual({
      columns: 1,
      rows: 1,
      tileWidth: 1200,
      tileHeight: 675,
    })
  })

  it('two tiles stand side by side on a desktop and stack on a phone', () => {
    expect(layoutGrid({ ...space, count: 2, height: 560 }).columns).toBe(2)
    expect(layoutGrid({ ...space, count: 2, width: 344, height: 600 }).columns).toBe(1)
  })

  it('up to 25 tiles fit the area, keep their ratio, and no other column count is better', () => {
    for (let count = 1; count <= 25; count++) {
      const grid = layoutGrid({ ...space, count })
      expect(grid.columns * grid.rows).toBeGreaterThanOrEqual(count)
      expect(grid.columns * grid.tileWidth + (grid.columns - 1) * 8).toBeLessThanOrEqual(1200)
      expect(grid.rows * grid.tileHeight + (grid.rows - 1) * 8).toBeLessThanOrEqual(700)
      expect(Math.abs(grid.tileWidth / grid.tileHeight - 16 / 9)).toBeLessThan(0.03)
      for (let columns = 1; columns <= count; columns++) {
        const rows = Math.ceil(count / columns)
        const byHeight = ((700 - 8 * (rows - 1)) / rows) * (16 / 9)
        const other = Math.min((1200 - 8 * (columns - 1)) / columns, byHeight)
        expect(grid.tileWidth).toBeGreaterThanOrEqual(Math.floor(other))
      }
    }
  })

  it('scrolls instead of shrinking below the least width', () => {
    const grid = layoutGrid({ ...space, count: 40, width: 344, height: 500 })
    expect(grid).toMatchObject({ columns: 2, rows: 20, tileWidth: 168 })
  })

  it('an area or a meeting without extent gives empty tiles', () => {
    expect(layoutGrid({ ...space, count: 0 }).tileWidth).toBe(0)
    expect(layoutGrid({ ...space, count: 3, width: 0 }).tileWidth).toBe(0)
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  fitView,
  keepInSight,
  pinched,
  toBoard,
  toScreen,
  zoomAt,
} from '../../src/board/viewport.ts'

const PAGE = { width: 1280, height: 720 }
const AREA = { width: 800, height: 600 }
const place = fc.record({
  x: fc.integer({ min: -500, max: 1500 }),
  y: fc.integer({ min: -500, max: 1500 }),
})
const views = fc.record({
  scale: fc.double({ min: 0.2, max: 4, noNaN: true }),
  x: fc.integer({ min: -900, max: 900 }),
  y: fc.integer({ min: -900, max: 900 }),
})

describe('zoom and pan of a board', () => {
  it('fits the whole page into the middle', () => {
    const view = fitView(PAGE, AREA, 20)
    expect(view.scale).toBeCloseTo(760 / 1280)
    expect(toScreen(view, { x: 640, y: 360 })).toEqual({ x: 400, y: 300 })
  })

  it('what is under the pointer stays there while zooming', () => {
    fc.assert(
      fc.property(views, place, fc.double({ min: 0.1, max: 10, noNaN: true }), (view, at, by) => {
        const before = toBoard(view, at)
        const now = zoomAt(view, by, at)
        const after = toScreen(now, before)
        expect(after.x).toBeCloseTo(at.x, 5)
        expect(after.y).toBeCloseTo(at.y, 5)
        expect(now.scale).toBeLessThanOrEqual(8)
        expect(now.scale).toBeGreaterThanOrEqual(0.1)
      }),
    )
  })

  it('what is between two fingers follows them', () => {
    const view = { scale: 1, x: 0, y: 0 }
    const before = [
      { x: 100, y: 100 },
      { x: 200, y: 100 },
    ] as const
    const now = [
      { x: 150, y: 200 },
      { x: 350, y: 200 },
    ] as const
    const after = pinched(view, before, now)
    expect(after.scale).toBe(2)
    expect(toScreen(after, { x: 150, y: 100 })).toEqual({ x: 250, y: 200 })
  })

  it('the page cannot be lost', () => {
    fc.assert(
      fc.property(views, (view) => {
        const kept = keepInSight(view, PAGE, AREA)
        expect(kept.x).toBeLessThanOrEqual(AREA.width - 64)
        expect(kept.x + PAGE.width * kept.scale).toBeGreaterThanOrEqual(63.9)
        expect(kept.y).toBeLessThanOrEqual(AREA.height - 64)
        expect(kept.y + PAGE.height * kept.scale).toBeGreaterThanOrEqual(63.9)
      }),
    )
  })
})

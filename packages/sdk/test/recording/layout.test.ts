import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RecordRegion } from '../../src/api.ts'
import { timeStamp } from '../../src/recording/composer.ts'
import { fit, grid, isUsable } from '../../src/recording/layout.ts'

const region = (change: Partial<RecordRegion> = {}): RecordRegion => ({
  left: 10,
  top: 20,
  width: 200,
  height: 100,
  content: { kind: 'time' },
  ...change,
})

describe('10 §2.1: regions of the recorded picture', () => {
  it('keeps the ratio, centred, unless it is told to stretch', () => {
    expect(fit(region(), 100, 100)).toEqual({ x: 60, y: 20, w: 100, h: 100 })
    expect(fit(region(), 400, 100)).toEqual({ x: 10, y: 45, w: 200, h: 50 })
    expect(fit(region({ keepRatio: false }), 100, 100)).toEqual({ x: 10, y: 20, w: 200, h: 100 })
  })

  it('a picture that keeps its ratio lies inside its region', () => {
    const size = fc.integer({ min: 1, max: 5000 })
    fc.assert(
      fc.property(size, size, size, size, (width, height, w, h) => {
        const at = fit(region({ width, height }), w, h)
        expect(at.x).toBeGreaterThanOrEqual(10 - 1e-6)
        expect(at.y).toBeGreaterThanOrEqual(20 - 1e-6)
        expect(at.w).toBeLessThanOrEqual(width + 1e-6)
        expect(at.h).toBeLessThanOrEqual(height + 1e-6)
        expect(at.w * h).toBeCloseTo(at.h * w, 3)
      }),
    )
  })

  it.each([
    [0, 0],
    [1, 640],
    [2, 320],
    [3, 320],
    [4, 320],
    [5, 640 / 3],
    [10, 160],
    [17, 128],
    [30, 128],
  ])('shows %i cameras in the automatic grid', (count, width) => {
    const cameras = Array.from({ length: count }, (_, i) => ({ userID: `u${i}`, videoID: 1 }))
    const regions = grid(cameras, 640, 360)
    expect(regions).toHaveLength(Math.min(25, count))
    if (regions[0]) expect(regions[0].width).toBeCloseTo(width)
    const places = regions.map(({ left, top }) => `${left} ${top}`)
    expect(new Set(places).size).toBe(regions.length)
  })

  it('skips what has no usable rectangle', () => {
    expect(isUsable(region())).toBe(true)
    expect(isUsable(region({ width: 0 }))).toBe(false)
    expect(isUsable(region({ left: Number.NaN }))).toBe(false)
  })

  it('writes the time as YYYY-MM-DD HH:mm:ss', () => {
    expect(timeStamp(new Date(2026, 0, 2, 3, 4, 5))).toBe('2026-01-02 03:04:05')
  })
})

import type { BoardElement } from '@yuntang/sdk'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Item, readElement } from '../../src/board/elements.ts'
import { createEntries } from '../../src/board/entries.ts'
import { around, boundsOf, covers, frameOf } from '../../src/board/geometry.ts'
import { isHit, stepsBetween } from '../../src/board/hits.ts'
import { handleAt, moved, pulled, resized } from '../../src/board/resize.ts'

const element = (fields: Record<string, unknown>): BoardElement => ({
  elementID: 'e',
  type: 5,
  left: 100,
  top: 50,
  orderID: 1,
  ...fields,
})
const item = (fields: Record<string, unknown>): Item => {
  const read = readElement(element(fields), () => ({ width: 80, height: 30 }))
  if (!read) throw new Error('no item')
  return read
}
const at = (x: number, y: number) => ({ x, y })

describe('12 §6: what is under a point', () => {
  it('of a rectangle without a fill only the line, with one all of it', () => {
    const box = { width: 200, height: 100, lineWidth: 4 }
    expect(isHit(item(box), at(100, 100), 2)).toBe(true)
    expect(isHit(item(box), at(200, 100), 2)).toBe(false)
    expect(isHit(item({ ...box, fill: '#ffffff' }), at(200, 100), 2)).toBe(true)
    expect(isHit(item({ ...box, fill: '#ffffff' }), at(310, 100), 2)).toBe(false)
  })

  it('an ellipse has no corners', () => {
    const ellipse = item({ type: 6, width: 200, height: 100 })
    expect(isHit(ellipse, at(100, 100), 2)).toBe(true)
    expect(isHit(ellipse, at(200, 50), 2)).toBe(true)
    expect(isHit(ellipse, at(104, 54), 2)).toBe(false)
    expect(isHit(ellipse, at(200, 100), 2)).toBe(false)
  })

  it('strokes and segments are hit along their way; a stroke of one place is a dot', () => {
    const stroke = item({ type: 1, points: [0, 0, 100, 0, 100, 100] })
    expect(isHit(stroke, at(150, 51), 4)).toBe(true)
    expect(isHit(stroke, at(150, 100), 4)).toBe(false)
    expect(isHit(item({ type: 3, x2: 100, y2: 100 }), at(150, 100), 4)).toBe(true)
    expect(isHit(item({ type: 1, points: [0, 0] }), at(101, 51), 4)).toBe(true)
  })

  it('a turned element is hit where it is seen', () => {
    const bar = item({ width: 200, height: 10, fill: '#000000', rotate: 90 })
    expect(isHit(bar, at(200, 140), 1)).toBe(true)
    expect(isHit(bar, at(110, 55), 1)).toBe(false)
    expect(frameOf(bar).height).toBeCloseTo(200)
  })

  it('the topmost of a stack is hit; equal orders stand as they arrived', () => {
    const entries = createEntries<null>()
    const fill = { width: 10, height: 10, fill: '#000000' }
    entries.put(item({ ...fill, elementID: 'a' }), 2, null)
    entries.put(item({ ...fill, elementID: 'b' }), 1, null)
    entries.put(item({ ...fill, elementID: 'c' }), 2, null)
    expect(entries.all.map((e) => e.item.id)).toEqual(['b', 'a', 'c'])
    expect(entries.hit(at(105, 55), 0)?.id).toBe('c')
    entries.put(item({ ...fill, elementID: 'c', left: 500 }), 2, null)
    expect(entries.hit(at(105, 55), 0)?.id).toBe('a')
    entries.remove('a')
    expect(entries.hit(at(105, 55), 0)?.id).toBe('b')
    expect(entries.within({ x: 90, y: 40, width: 50, height: 50 })).toEqual(['b'])
  })

  it('an eraser leaves no gaps on its way', () => {
    const steps = stepsBetween(at(0, 0), at(100, 0), 10)
    expect(steps).toHaveLength(10)
    expect(steps.at(-1)).toEqual(at(100, 0))
  })
})

describe('12 §6: fields out of range', () => {
  it('foreign types and unreadable fields do no harm', () => {
    const measure = () => ({ width: 1, height: 1 })
    expect(readElement(element({ type: 100 }), measure)).toBeNull()
    expect(readElement(element({ type: 90 }), measure)).toBeNull()
    const odd = item({ color: 'url(x)', lineWidth: Number.NaN, width: -5, fill: 7, opacity: 9 })
    expect(odd).toMatchObject({ color: '#ff0000', lineWidth: 3, width: 0, fill: '', opacity: 1 })
    expect(item({ type: 1, points: [1, 'x', 3] })).toMatchObject({ points: [1, 0] })
    expect(item({ type: 9, dat: 'javascript:alert(1)' })).toMatchObject({ data: '' })
    expect(item({ type: 1, points: [0, 0], pressures: [1, 1] })).toMatchObject({ pressures: [] })
  })
})

const coordinate = fc.integer({ min: -500, max: 500 })
const extent = fc.integer({ min: 10, max: 500 })
const shapes = fc.oneof(
  fc.record({ type: fc.constantFrom(5, 6), width: extent, height: extent }),
  fc.record({ type: fc.constantFrom(3, 4), x2: extent, y2: extent }),
  fc.record({
    type: fc.constantFrom(1, 2),
    points: fc
      .array(fc.tuple(coordinate, coordinate), { minLength: 2, maxLength: 9 })
      .map((all) => [0, 0, 400, 300, ...all.flat()]),
  }),
)

describe('moving and resizing', () => {
  it('moves', () => {
    expect(moved(element({}), 10.04, -5)).toMatchObject({ left: 110, top: 45 })
  })

  it('resized elements fill the new frame', () => {
    fc.assert(
      fc.property(shapes, coordinate, coordinate, extent, extent, (shape, x, y, width, height) => {
        const before = element({ ...shape, lineWidth: 1 })
        const to = { x, y, width, height }
        const after = frameOf(item(resized(before, frameOf(item(before)), to)))
        for (const key of ['x', 'y', 'width', 'height'] as const)
          expect(Math.abs(after[key] - to[key])).toBeLessThan(0.5)
      }),
    )
  })

  it('what is painted covers the frame', () => {
    fc.assert(
      fc.property(shapes, fc.integer({ min: 0, max: 359 }), (shape, rotate) => {
        const one = item({ ...shape, rotate })
        expect(covers(boundsOf(one), frameOf(one))).toBe(true)
      }),
    )
  })

  it('texts grow with their frame', () => {
    const text = element({ type: 8, text: 'a', fontSize: 20 })
    const from = { x: 100, y: 50, width: 80, height: 30 }
    expect(resized(text, from, { ...from, width: 160, height: 60 })).toMatchObject({
      fontSize: 40,
      left: 100,
      top: 50,
    })
  })

  it('a pulled handle leaves the opposite side where it is, and never turns the frame over', () => {
    const frame = { x: 100, y: 100, width: 200, height: 100 }
    expect(pulled(frame, at(1, 1), at(50, 20), false)).toEqual({
      ...frame,
      width: 250,
      height: 120,
    })
    expect(pulled(frame, at(0, 0.5), at(500, 9), false)).toEqual({ ...frame, x: 296, width: 4 })
    expect(pulled(frame, at(0, 0), at(-200, 0), true)).toEqual({
      x: -100,
      y: 0,
      width: 400,
      height: 200,
    })
  })

  it('a handle is found within reach', () => {
    const frame = { x: 100, y: 100, width: 200, height: 100 }
    expect(handleAt(frame, at(296, 203), 8)).toEqual(at(1, 1))
    expect(handleAt(frame, at(200, 150), 8)).toBeNull()
    expect(around([frame, { x: 0, y: 0, width: 1, height: 1 }])).toEqual({
      x: 0,
      y: 0,
      width: 300,
      height: 200,
    })
  })
})

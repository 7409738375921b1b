import { describe, expect, it } from 'vitest'
import { draftOf, isWorthKeeping, regular, type Trace } from '../../src/board/drafts.ts'
import { keyName } from '../../src/board/keys.ts'
import { outlineOf, traceOutline } from '../../src/board/outline.ts'
import { fillFor } from '../../src/board/tools.ts'

const trace = (x: number, y: number, pressure: number | null = null): Trace => ({ x, y, pressure })
const STYLE = { color: '#d92d20', lineWidth: 4, filled: false }

describe('12 §6: elements of the tools', () => {
  it('a stroke has its points relative to the first, in tenths', () => {
    expect(draftOf('pen', [trace(10.04, 20), trace(15.55, 18)], STYLE)).toEqual({
      type: 1,
      color: '#d92d20',
      lineWidth: 4,
      left: 10,
      top: 20,
      points: [0, 0, 5.5, -2],
    })
  })

  it('a pen that tells its pressure leaves it in the stroke, a marker does not', () => {
    const traces = [trace(0, 0, 0.251), trace(5, 5, 1)]
    expect(draftOf('pen', traces, STYLE).pressures).toEqual([0.25, 1])
    const marker = draftOf('marker', traces, STYLE)
    expect(marker).toMatchObject({ type: 2, lineWidth: 16 })
    expect('pressures' in marker).toBe(false)
  })

  it('boxes stand from their upper left corner, wherever the drawing began', () => {
    expect(draftOf('rect', [trace(50, 60), trace(10, 100)], { ...STYLE, filled: true })).toEqual({
      type: 5,
      color: '#d92d20',
      lineWidth: 4,
      left: 10,
      top: 60,
      width: 40,
      height: 40,
      fill: fillFor('#d92d20'),
    })
  })

  it('arrows end where the pointer was', () => {
    expect(draftOf('arrow', [trace(50, 60), trace(10, 100)], STYLE)).toMatchObject({
      type: 4,
      left: 50,
      top: 60,
      x2: -40,
      y2: 40,
      heads: 1,
    })
  })

  it('the shift key makes squares and straight lines', () => {
    expect(regular('rect', { x: 0, y: 0 }, { x: -30, y: 10 })).toEqual({ x: -30, y: 30 })
    const end = regular('line', { x: 0, y: 0 }, { x: 100, y: 4 })
    expect(end.y).toBeCloseTo(0)
  })

  it('a slip of the hand is no shape, but a dot is a stroke', () => {
    expect(isWorthKeeping('rect', [trace(1, 1), trace(2, 2)])).toBe(false)
    expect(isWorthKeeping('pen', [trace(1, 1)])).toBe(true)
  })
})

const stroke = (points: number[], pressures: number[] = []) => ({
  kind: 'pencil' as const,
  ...{ id: 'a', left: 0, top: 0, color: '#000000', opacity: 1, lineWidth: 10, fill: '', rotate: 0 },
  ...{ points, pressures },
})
const thickness = (outline: number[], from: number, to: number) => {
  const ys = outline.flatMap((x, i) =>
    i % 2 === 0 && x > from && x < to ? [outline[i + 1] as number] : [],
  )
  return Math.max(...ys) - Math.min(...ys)
}
/** The commands of a path. */
const traced = (outline: number[]) => {
  let path = ''
  traceOutline(outline, {
    moveTo: () => {
      path += 'M'
    },
    quadraticCurveTo: () => {
      path += 'q'
    },
    closePath: () => {
      path += 'z'
    },
  })
  return path
}
const WAY = Array.from({ length: 21 }, (_, i) => [i * 10, 0]).flat()

describe('12 §6: outlines of strokes', () => {
  it('one place is a dot', () => {
    expect(traced(outlineOf(stroke([0, 0], [0.5])))).toMatch(/^Mq+z$/)
    expect(traced([])).toBe('')
  })

  it('more pressure makes a wider line', () => {
    const light = outlineOf(stroke(WAY, Array(21).fill(0.2)))
    const strong = outlineOf(stroke(WAY, Array(21).fill(0.9)))
    expect(thickness(strong, 80, 140)).toBeGreaterThan(thickness(light, 80, 140) * 1.5)
  })
})

it('keys have one name on all systems', () => {
  const key = { ctrlKey: false, metaKey: false, shiftKey: false }
  expect(keyName({ ...key, key: 'Z', metaKey: true, shiftKey: true })).toBe('ctrl+shift+z')
  expect(keyName({ ...key, key: '+', shiftKey: true })).toBe('+')
  expect(keyName({ ...key, key: 'PageUp' })).toBe('pageup')
})

import { expect, it } from 'vitest'
import type { PencilItem } from '../../src/board/elements.ts'
import { middleLine, traceLine, traceTail } from '../../src/board/tails.ts'

const stroke = (points: number[], pressures: number[] = []): PencilItem => ({
  kind: 'pencil',
  ...{ id: 'a', left: 0, top: 0, color: '#000000', opacity: 1, lineWidth: 10, fill: '', rotate: 0 },
  ...{ points, pressures },
})
const WAY = Array.from({ length: 12 }, (_, i) => [i * 10, (i % 3) * 7]).flat()

/** The curves that a tail draws, and how wide they are. */
const traced = (item: PencilItem, from: number) => {
  const curves: number[][] = []
  const widths: number[] = []
  const pen = {
    lineWidth: 0,
    beginPath() {},
    moveTo() {},
    lineTo() {},
    quadraticCurveTo: (...numbers: number[]) => void curves.push(numbers),
    stroke: () => void widths.push(pen.lineWidth),
  }
  traceTail(pen, item, from)
  return { curves, widths }
}

it('12 §6: what a stroke gains while it is drawn has the curves of the whole line, each of them once', () => {
  const parts = [0, 1, 2, 5, 6, 11].flatMap(
    (from, i, all) => traced(stroke(WAY.slice(0, 2 * (all[i + 1] ?? 12))), from).curves,
  )
  expect(parts).toEqual(traced(stroke(WAY), 0).curves)
  expect(parts).toHaveLength(10)
})

it('12 §6: a pen that presses harder has a wider tail', () => {
  const pressures = Array.from({ length: 12 }, (_, i) => i / 11)
  const { widths } = traced(stroke(WAY, pressures), 0)
  expect([...widths].sort((a, b) => a - b)).toEqual(widths)
  expect((widths.at(-1) ?? 0) > 3 * (widths[0] ?? 0)).toBe(true)
  expect(traced(stroke(WAY), 0).widths).toEqual([10])
})

it('the line lags behind the hand and ends with it when the hand rests', () => {
  const line = middleLine([0, 0, 10, 0, 10, 0, 10, 0, 10, 0])
  expect(line[2]).toBeGreaterThan(5)
  expect(line[2]).toBeLessThan(10)
  expect(line[8]).toBeCloseTo(10, 0)
})

it('12 §6: a stroke without pressure is one smooth line to its very end, and one place is a dot', () => {
  const way = (points: number[]) => {
    const curves: number[][] = []
    const add = (...numbers: number[]) => void curves.push(numbers)
    traceLine(points, { moveTo: add, lineTo: add, quadraticCurveTo: add })
    return curves
  }
  const all = way(WAY)
  expect(all[0]).toEqual([0, 0])
  expect(all.slice(1, -1)).toEqual(traced(stroke(WAY), 0).curves)
  expect(all.at(-1)).toEqual(WAY.slice(-2))
  expect(way([3, 4])).toEqual([
    [3, 4],
    [3.01, 4],
  ])
})

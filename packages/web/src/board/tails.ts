import type { SceneCanvas } from 'konva/lib/Canvas.js'
import type { PencilItem } from './elements.ts'
import { STREAMLINE, THINNING } from './outline.ts'

/** How much of the way to the next place a line goes, as in the outlines of whole strokes. */
const FOLLOWS = 0.15 + (1 - STREAMLINE) * 0.85

/** Where the middle of the line runs: flat numbers, as many as `points`. */
export const middleLine = (points: readonly number[]): number[] => {
  let [x, y] = [points[0] ?? 0, points[1] ?? 0]
  const line = [x, y]
  for (let i = 2; i + 1 < points.length; i += 2) {
    x += ((points[i] as number) - x) * FOLLOWS
    y += ((points[i + 1] as number) - y) * FOLLOWS
    line.push(x, y)
  }
  return line
}

const widthAt = ({ pressures, lineWidth }: PencilItem, i: number): number => {
  const pressure = pressures[i]
  return pressure === undefined ? lineWidth : 2 * lineWidth * (0.5 - THINNING * (0.5 - pressure))
}

type Way = Pick<CanvasRenderingContext2D, 'moveTo' | 'lineTo' | 'quadraticCurveTo'>
type Pen = Way & Pick<CanvasRenderingContext2D, 'beginPath' | 'stroke' | 'lineWidth'>

/** The smooth line of a whole stroke, to the very end of it; one place is a dot. */
export const traceLine = (points: readonly number[], way: Way): void => {
  const line = middleLine(points)
  const count = line.length / 2
  const [x = 0, y = 0] = line
  way.moveTo(x, y)
  for (let i = 1; i < count - 1; i++) {
    const [atX, atY] = [line[i * 2] as number, line[i * 2 + 1] as number]
    const [nextX, nextY] = [line[i * 2 + 2] as number, line[i * 2 + 3] as number]
    way.quadraticCurveTo(atX, atY, (atX + nextX) / 2, (atY + nextY) / 2)
  }
  // A canvas draws nothing for a line that goes nowhere.
  if (count < 2) way.lineTo(x + 0.01, y)
  else way.lineTo(points.at(-2) as number, points.at(-1) as number)
}

/**
 * Draws what a stroke has gained since it had `from` places: a handful of curves instead of all of it. The
 * whole stroke replaces it when it rests.
 */
export const traceTail = (pen: Pen, item: PencilItem, from: number): void => {
  const line = middleLine(item.points)
  const count = line.length / 2
  const x = (i: number) => line[i * 2] as number
  const y = (i: number) => line[i * 2 + 1] as number
  const half = (i: number) => [(x(i) + x(i + 1)) / 2, (y(i) + y(i + 1)) / 2] as const
  const told = item.pressures.length > 0
  pen.lineWidth = widthAt(item, Math.max(0, from - 1))
  pen.beginPath()
  if (from < 2) pen.moveTo(x(0), y(0))
  else pen.moveTo(...half(from - 2))
  for (let i = Math.max(1, from - 1); i < count - 1; i++) {
    pen.quadraticCurveTo(x(i), y(i), ...half(i))
    if (!told) continue
    pen.stroke()
    pen.lineWidth = widthAt(item, i)
    pen.beginPath()
    pen.moveTo(...half(i))
  }
  pen.lineTo(x(count - 1), y(count - 1))
  pen.stroke()
}

/** Over what is on the canvas, whose context stands in board units. */
export const paintTail = (canvas: SceneCanvas, item: PencilItem, from: number): void => {
  const context = canvas.getContext()
  context.save()
  context.translate(item.left, item.top)
  context.setAttr('strokeStyle', item.color)
  context.setAttr('lineCap', 'round')
  context.setAttr('lineJoin', 'round')
  traceTail(context._context, item, from)
  context.restore()
}

import type { Item } from './elements.ts'
import { grown, isInside, localBox, middleOf, type Point, turned } from './geometry.ts'

/** From a point to a segment. */
export const distance = (at: Point, a: Point, b: Point): number => {
  const [dx, dy] = [b.x - a.x, b.y - a.y]
  const length = dx * dx + dy * dy
  const along = length === 0 ? 0 : ((at.x - a.x) * dx + (at.y - a.y) * dy) / length
  const part = Math.min(1, Math.max(0, along))
  return Math.hypot(at.x - a.x - part * dx, at.y - a.y - part * dy)
}

const pointAt = (points: readonly number[], i: number): Point => ({
  x: points[i * 2] ?? 0,
  y: points[i * 2 + 1] ?? 0,
})

const nearLine = (points: readonly number[], closed: boolean, at: Point, reach: number) => {
  const count = points.length / 2
  if (count === 1) return distance(at, pointAt(points, 0), pointAt(points, 0)) <= reach
  for (let i = 1; i < count; i++)
    if (distance(at, pointAt(points, i - 1), pointAt(points, i)) <= reach) return true
  return closed && distance(at, pointAt(points, count - 1), pointAt(points, 0)) <= reach
}

const inPolygon = (points: readonly number[], at: Point): boolean => {
  let inside = false
  const count = points.length / 2
  for (let i = 0, j = count - 1; i < count; j = i++) {
    const a = pointAt(points, i)
    const b = pointAt(points, j)
    if (a.y > at.y !== b.y > at.y && at.x < ((b.x - a.x) * (at.y - a.y)) / (b.y - a.y) + a.x)
      inside = !inside
  }
  return inside
}

/** From the rim of an ellipse, near enough for a finger. */
const ellipseHit = (rx: number, ry: number, at: Point, reach: number, filled: boolean) => {
  const [dx, dy] = [at.x - rx, at.y - ry]
  const scaled = (by: number) =>
    rx + by <= 0 || ry + by <= 0
      ? Number.POSITIVE_INFINITY
      : Math.hypot(dx / (rx + by), dy / (ry + by))
  if (scaled(reach) > 1) return false
  return filled || scaled(-reach) >= 1
}

/** Whether an item is under a point of the page; `slack` in board units for fingers. */
export const isHit = (item: Item, point: Point, slack: number): boolean => {
  const box = localBox(item)
  const reach = item.lineWidth / 2 + slack
  const local = { x: point.x - item.left, y: point.y - item.top }
  const at = turned(local, middleOf(box), -item.rotate)
  if (!isInside(at, grown(box, reach + (item.kind === 'arrow' ? item.lineWidth * 2 : 0))))
    return false
  switch (item.kind) {
    case 'pencil':
    case 'marker':
      return nearLine(item.points, false, at, reach)
    case 'line':
    case 'arrow':
      return distance(at, { x: 0, y: 0 }, { x: item.x2, y: item.y2 }) <= reach
    case 'rectangle':
      return item.fill !== '' || !isInside(at, grown(box, -reach)) || box.width < 2 * reach
    case 'ellipse':
      return ellipseHit(item.width / 2, item.height / 2, at, reach, item.fill !== '')
    case 'polygon':
      if (item.fill !== '' && inPolygon(item.points, at)) return true
      return nearLine(item.points, item.closed, at, reach)
    default:
      return true
  }
}

/** Where the way of an eraser from `a` to `b` touches: steps no longer than its reach. */
export const stepsBetween = (a: Point, b: Point, step: number): Point[] => {
  const count = Math.max(1, Math.ceil(Math.hypot(b.x - a.x, b.y - a.y) / Math.max(step, 0.5)))
  return Array.from({ length: count }, (_, i) => ({
    x: a.x + ((b.x - a.x) * (i + 1)) / count,
    y: a.y + ((b.y - a.y) * (i + 1)) / count,
  }))
}

import type { Item } from './elements.ts'

export interface Point {
  readonly x: number
  readonly y: number
}

export interface Rect extends Point {
  readonly width: number
  readonly height: number
}

/** One tenth of a board unit is enough for everything (spec 12 §6). */
export const tenth = (value: number): number => Math.round(value * 10) / 10

/** The rectangle between two opposite corners. */
export const between = (a: Point, b: Point): Rect => ({
  x: Math.min(a.x, b.x),
  y: Math.min(a.y, b.y),
  width: Math.abs(a.x - b.x),
  height: Math.abs(a.y - b.y),
})

export const grown = (rect: Rect, by: number): Rect => ({
  x: rect.x - by,
  y: rect.y - by,
  width: rect.width + 2 * by,
  height: rect.height + 2 * by,
})

export const middleOf = ({ x, y, width, height }: Rect): Point => ({
  x: x + width / 2,
  y: y + height / 2,
})

export const isInside = ({ x, y }: Point, rect: Rect): boolean =>
  x >= rect.x && x <= rect.x + rect.width && y >= rect.y && y <= rect.y + rect.height

export const overlap = (a: Rect, b: Rect): boolean =>
  a.x <= b.x + b.width && b.x <= a.x + a.width && a.y <= b.y + b.height && b.y <= a.y + a.height

export const covers = (outer: Rect, inner: Rect): boolean =>
  isInside(inner, outer) && isInside({ x: inner.x + inner.width, y: inner.y + inner.height }, outer)

/** The smallest rectangle around all of them; null for none. */
export const around = (rects: Iterable<Rect>): Rect | null => {
  let all: Rect | null = null
  for (const rect of rects) {
    if (!all) {
      all = rect
      continue
    }
    const x = Math.min(all.x, rect.x)
    const y = Math.min(all.y, rect.y)
    const right = Math.max(all.x + all.width, rect.x + rect.width)
    const bottom = Math.max(all.y + all.height, rect.y + rect.height)
    all = { x, y, width: right - x, height: bottom - y }
  }
  return all
}

const boxOfPoints = (points: readonly number[]): Rect => {
  if (points.length < 2) return { x: 0, y: 0, width: 0, height: 0 }
  let [left, top] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
  let [right, bottom] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (let i = 0; i + 1 < points.length; i += 2) {
    const x = points[i] as number
    const y = points[i + 1] as number
    left = Math.min(left, x)
    right = Math.max(right, x)
    top = Math.min(top, y)
    bottom = Math.max(bottom, y)
  }
  return { x: left, y: top, width: right - left, height: bottom - top }
}

/** The box of an item relative to its `left` and `top`, without the width of its line. */
export const localBox = (item: Item): Rect => {
  switch (item.kind) {
    case 'pencil':
    case 'marker':
    case 'polygon':
      return boxOfPoints(item.points)
    case 'line':
    case 'arrow':
      return between({ x: 0, y: 0 }, { x: item.x2, y: item.y2 })
    case 'text':
      return { x: 0, y: 0, ...item.size }
    default:
      return { x: 0, y: 0, width: item.width, height: item.height }
  }
}

export const turned = (point: Point, about: Point, degrees: number): Point => {
  if (degrees === 0) return point
  const angle = (degrees * Math.PI) / 180
  const [dx, dy] = [point.x - about.x, point.y - about.y]
  return {
    x: about.x + dx * Math.cos(angle) - dy * Math.sin(angle),
    y: about.y + dx * Math.sin(angle) + dy * Math.cos(angle),
  }
}

/** What is between the lines, turned with the item: for frames and for resizing. */
export const frameOf = (item: Item): Rect => {
  const box = localBox(item)
  const placed = { ...box, x: box.x + item.left, y: box.y + item.top }
  if (item.rotate === 0) return placed
  const middle = middleOf(placed)
  const corners = [0, 1, 2, 3].map((i) =>
    turned(
      {
        x: placed.x + (i % 2) * placed.width,
        y: placed.y + Math.floor(i / 2) * placed.height,
      },
      middle,
      item.rotate,
    ),
  )
  return around(corners.map((at) => ({ ...at, width: 0, height: 0 }))) ?? placed
}

/** How far the line reaches out of the box. */
const reach = (item: Item): number => {
  if (item.kind === 'text' || item.kind === 'picture') return 1
  if (item.kind === 'arrow') return item.lineWidth * 4 + 1
  return item.lineWidth + 1
}

/** Everything that an item paints, in board units. */
export const boundsOf = (item: Item): Rect => grown(frameOf(item), reach(item))

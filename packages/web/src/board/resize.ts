import type { BoardElement } from '@yuntang/sdk'
import { TYPE } from './elements.ts'
import { type Point, type Rect, tenth } from './geometry.ts'

/** Where the handles are, as parts of the frame: left, middle, right × top, middle, bottom. */
export const HANDLES: readonly Point[] = [
  { x: 0, y: 0 },
  { x: 1, y: 0 },
  { x: 1, y: 1 },
  { x: 0, y: 1 },
  { x: 0.5, y: 0 },
  { x: 1, y: 0.5 },
  { x: 0.5, y: 1 },
  { x: 0, y: 0.5 },
]

const LEAST = 4

/** The frame after one of its handles was pulled. `even`: the proportions stay. */
export const pulled = (frame: Rect, handle: Point, by: Point, even: boolean): Rect => {
  const side = (part: number, start: number, length: number, d: number) => {
    if (part === 0.5 || length === 0) return { start, length }
    const longer = Math.max(LEAST, part === 1 ? length + d : length - d)
    return { start: part === 1 ? start : start + length - longer, length: longer }
  }
  const across = side(handle.x, frame.x, frame.width, by.x)
  const down = side(handle.y, frame.y, frame.height, by.y)
  if (!even || frame.width === 0 || frame.height === 0)
    return { x: across.start, y: down.start, width: across.length, height: down.length }
  const grows = [across.length / frame.width, down.length / frame.height] as const
  const scale = handle.x === 0.5 ? grows[1] : handle.y === 0.5 ? grows[0] : Math.max(...grows)
  const width = frame.width * scale
  const height = frame.height * scale
  const start = (part: number, from: number, length: number, now: number) =>
    from + (length - now) * (1 - part)
  return {
    x: start(handle.x, frame.x, frame.width, width),
    y: start(handle.y, frame.y, frame.height, height),
    width,
    height,
  }
}

/** The handle at a place, both in pixels. */
export const handleAt = (frame: Rect, at: Point, reach: number): Point | null =>
  HANDLES.find(
    (handle) =>
      Math.abs(frame.x + handle.x * frame.width - at.x) <= reach &&
      Math.abs(frame.y + handle.y * frame.height - at.y) <= reach,
  ) ?? null

export const moved = (element: BoardElement, dx: number, dy: number): BoardElement => ({
  ...element,
  left: tenth(element.left + dx),
  top: tenth(element.top + dy),
})

const scaled = (value: unknown, by: number) =>
  typeof value === 'number' ? { value: tenth(value * by) } : null

/** The element as it is in `to`, when it was in `from`: its lines stay as wide as they are. */
export const resized = (element: BoardElement, from: Rect, to: Rect): BoardElement => {
  const sx = from.width === 0 ? 1 : to.width / from.width
  const sy = from.height === 0 ? 1 : to.height / from.height
  const next: BoardElement = {
    ...element,
    left: tenth(to.x + (element.left - from.x) * sx),
    top: tenth(to.y + (element.top - from.y) * sy),
  }
  const set = (name: string, by: number) => {
    const now = scaled(element[name], by)
    if (now) next[name] = now.value
  }
  set('x2', sx)
  set('y2', sy)
  if (element.type === TYPE.text) {
    const size = scaled(typeof element.fontSize === 'number' ? element.fontSize : 24, sy)
    next.fontSize = Math.max(4, size?.value ?? 24)
    set('width', sx)
  } else if (element.type === TYPE.stamp) set('width', Math.min(sx, sy))
  else {
    set('width', sx)
    set('height', sy)
  }
  if (Array.isArray(element.points))
    next.points = element.points.map((one: unknown, i) =>
      typeof one === 'number' ? tenth(one * (i % 2 === 0 ? sx : sy)) : one,
    )
  return next
}

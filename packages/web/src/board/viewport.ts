import type { Size } from './elements.ts'
import type { Point, Rect } from './geometry.ts'

/** Where a page is seen: a place in pixels is `board × scale + (x, y)`. */
export interface View extends Point {
  readonly scale: number
}

export const SMALLEST = 0.1
export const LARGEST = 8
/** So many pixels of the page stay in sight. */
const KEPT = 64

export const toBoard = (view: View, at: Point): Point => ({
  x: (at.x - view.x) / view.scale,
  y: (at.y - view.y) / view.scale,
})

export const toScreen = (view: View, at: Point): Point => ({
  x: at.x * view.scale + view.x,
  y: at.y * view.scale + view.y,
})

export const rectToScreen = (view: View, rect: Rect): Rect => ({
  ...toScreen(view, rect),
  width: rect.width * view.scale,
  height: rect.height * view.scale,
})

/** The whole page in the middle. */
export const fitView = (page: Size, area: Size, margin = 0): View => {
  const wanted = Math.min(
    (area.width - 2 * margin) / page.width,
    (area.height - 2 * margin) / page.height,
  )
  const scale = Math.min(LARGEST, Math.max(0.02, wanted))
  return {
    scale,
    x: (area.width - page.width * scale) / 2,
    y: (area.height - page.height * scale) / 2,
  }
}

const clamp = (value: number, least: number, most: number) =>
  Math.min(Math.max(value, Math.min(least, most)), Math.max(least, most))

/** Moved back when hardly anything of the page would be in sight. */
export const keepInSight = (view: View, page: Size, area: Size): View => ({
  scale: view.scale,
  x: clamp(view.x, KEPT - page.width * view.scale, area.width - KEPT),
  y: clamp(view.y, KEPT - page.height * view.scale, area.height - KEPT),
})

/** Larger or smaller; what is at `at` stays there. */
export const zoomAt = (view: View, by: number, at: Point): View => {
  const scale = Math.min(
    Math.max(LARGEST, view.scale),
    Math.max(Math.min(SMALLEST, view.scale), view.scale * by),
  )
  const fixed = toBoard(view, at)
  return { scale, x: at.x - fixed.x * scale, y: at.y - fixed.y * scale }
}

/** Two fingers went from `before` to `now`: what was between them stays between them. */
export const pinched = (
  view: View,
  before: readonly [Point, Point],
  now: readonly [Point, Point],
): View => {
  const span = ([a, b]: readonly [Point, Point]) => Math.max(1, Math.hypot(a.x - b.x, a.y - b.y))
  const middle = ([a, b]: readonly [Point, Point]) => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 })
  const from = middle(before)
  const to = middle(now)
  const zoomed = zoomAt(view, span(now) / span(before), from)
  return { ...zoomed, x: zoomed.x + to.x - from.x, y: zoomed.y + to.y - from.y }
}

/** The CSS transform that shows a canvas painted for `painted` as if it were painted for `now`. */
export const stretch = (painted: View, now: View): string => {
  const by = now.scale / painted.scale
  return `translate(${now.x - painted.x * by}px, ${now.y - painted.y * by}px) scale(${by})`
}

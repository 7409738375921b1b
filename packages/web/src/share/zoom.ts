import { pinched, type View, zoomAt } from '../board/viewport.ts'

export type { View }

interface Area {
  readonly width: number
  readonly height: number
}
interface Point {
  readonly x: number
  readonly y: number
}

export const WHOLE: View = { scale: 1, x: 0, y: 0 }
export const MOST_ZOOM = 8
/** What a double tap shows. */
const CLOSE_UP = 2.5

const clamp = (value: number, least: number, most: number) => Math.min(most, Math.max(least, value))

/** Never smaller than the whole, and never beside it. */
export const settled = (view: View, area: Area): View => {
  const scale = clamp(view.scale, 1, MOST_ZOOM)
  if (scale === 1) return WHOLE
  return {
    scale,
    x: clamp(view.x, area.width * (1 - scale), 0),
    y: clamp(view.y, area.height * (1 - scale), 0),
  }
}

/** Larger or smaller; what is at `at` stays there. */
export const zoomed = (view: View, by: number, at: Point, area: Area): View =>
  settled(zoomAt(view, clamp(by, 1 / view.scale, MOST_ZOOM / view.scale), at), area)

/** Two fingers went from `before` to `now`. */
export const pinchedTo = (
  view: View,
  before: readonly [Point, Point],
  now: readonly [Point, Point],
  area: Area,
): View => settled(pinched(view, before, now), area)

export const moved = (view: View, by: Point, area: Area): View =>
  settled({ ...view, x: view.x + by.x, y: view.y + by.y }, area)

/** A double tap: close up to what is there, or the whole again. */
export const flipped = (view: View, at: Point, area: Area): View =>
  view.scale > 1 ? WHOLE : zoomed(view, CLOSE_UP, at, area)

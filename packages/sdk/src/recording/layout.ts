import type { RecordRegion } from './api.ts'

export interface Rect {
  readonly x: number
  readonly y: number
  readonly w: number
  readonly h: number
}

/** Where a picture of that size lies in a region: stretched, or whole and centred. */
export const fit = (region: RecordRegion, width: number, height: number): Rect => {
  const { left: x, top: y, width: w, height: h, keepRatio = true } = region
  if (!keepRatio || width <= 0 || height <= 0) return { x, y, w, h }
  const scale = Math.min(w / width, h / height)
  const [shownW, shownH] = [width * scale, height * scale]
  return { x: x + (w - shownW) / 2, y: y + (h - shownH) / 2, w: shownW, h: shownH }
}

const GRIDS = [
  [1, 1],
  [2, 1],
  [2, 2],
  [3, 3],
  [4, 4],
  [5, 5],
] as const

/** The automatic grid: 1, 2×1, 2×2 … 5×5; more cameras than 25 are left out (spec 10 §2.1). */
export const grid = (
  cameras: readonly { userID: string; videoID: number }[],
  width: number,
  height: number,
): RecordRegion[] => {
  const [columns, rows] = GRIDS.find(([c, r]) => c * r >= cameras.length) ?? [5, 5]
  const [w, h] = [width / columns, height / rows]
  return cameras.slice(0, columns * rows).map(({ userID, videoID }, i) => ({
    left: (i % columns) * w,
    top: Math.floor(i / columns) * h,
    width: w,
    height: h,
    content: { kind: 'camera', userID, videoID },
  }))
}

/** A region that can be drawn at all. */
export const isUsable = ({ left, top, width, height }: RecordRegion): boolean =>
  [left, top, width, height].every(Number.isFinite) && width > 0 && height > 0

/** How far a transfer was when. */
export interface Point {
  readonly bytes: number
  /** Milliseconds. */
  readonly at: number
}

/** The speed is that of the last few seconds. */
const WINDOW_MS = 5000

/** The points that still count, with the new one. */
export const addPoint = (points: readonly Point[], point: Point): readonly Point[] => [
  ...points.filter(({ at }) => at >= point.at - WINDOW_MS),
  point,
]

/** Bytes per second, or null while too little is known. */
export const speedOf = (points: readonly Point[]): number | null => {
  const [first, last] = [points[0], points.at(-1)]
  if (!first || !last || last.at - first.at < 500 || last.bytes <= first.bytes) return null
  return ((last.bytes - first.bytes) / (last.at - first.at)) * 1000
}

/** A slow network takes its time for one part; longer than this and something is wrong with it. */
const STALLED_MS = 15_000

/** Whether nothing has moved for a while. */
export const isStalled = (points: readonly Point[], now: number): boolean => {
  const last = points.at(-1)
  return last !== undefined && now - last.at > STALLED_MS
}

/** A straight line through points, and how sure its slope is. */
export interface Line {
  readonly slope: number
  /** Standard error of the slope. */
  readonly error: number
}

/** Least squares. */
export const fitLine = (points: readonly (readonly [number, number])[]): Line => {
  const n = points.length
  const [meanX, meanY] = [0, 1].map((i) => points.reduce((sum, p) => sum + (p[i] ?? 0), 0) / n)
  let [xx, xy] = [0, 0]
  for (const [x, y] of points) {
    xx += (x - (meanX ?? 0)) ** 2
    xy += (x - (meanX ?? 0)) * (y - (meanY ?? 0))
  }
  const slope = xy / xx
  const rest = points.reduce(
    (sum, [x, y]) => sum + (y - (meanY ?? 0) - slope * (x - (meanX ?? 0))) ** 2,
    0,
  )
  return { slope, error: Math.sqrt(rest / Math.max(1, n - 2) / xx) }
}

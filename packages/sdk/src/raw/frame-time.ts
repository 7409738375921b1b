/**
 * Milliseconds since 1970 of a presented picture, whole: when it was captured, where the browser knows
 * that, so that every element that shows it tells the same time.
 */
export const frameTimeOf = (now: number, captured?: number): number =>
  Math.round(performance.timeOrigin + (captured ?? now))

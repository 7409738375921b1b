/** Lower limits in dBFS of the levels 10 … 1 (spec 08 §5). */
const LIMITS_DBFS = [-3, -7, -11, -16, -21, -26, -32, -38, -44, -50] as const

/** Speech level 0–10 of a measurement in dBFS. */
export function levelOf(dbfs: number): number {
  const row = LIMITS_DBFS.findIndex((limit) => dbfs >= limit)
  return row < 0 ? 0 : LIMITS_DBFS.length - row
}

/** Levels rise at once and fall by at most two steps per measurement (spec 08 §5). */
export const nextLevel = (old: number, dbfs: number): number => Math.max(levelOf(dbfs), old - 2, 0)

/** dBFS of a linear level between 0 and 1, as WebRTC reports it. */
export const toDbfs = (linear: number): number =>
  linear > 0 ? 20 * Math.log10(linear) : Number.NEGATIVE_INFINITY

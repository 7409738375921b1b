/** How far a transfer is, as it was told last. */
export interface Progress {
  readonly bytes: number
  readonly total: number
  /** Whole percent; 100 only when everything is done. */
  readonly percent: number
}

export interface Told extends Progress {
  /** Milliseconds. */
  readonly at: number
}

/** With the last one, which waits for nobody, at most five fall into any second (spec 06 §1.1). */
const APART_MS = 250

/**
 * What is to be told now, or null: the first at once, then only more than before, and not too often.
 * The end is told by {@link complete}.
 */
export const tell = (
  before: Told | null,
  bytes: number,
  total: number,
  now: number,
): Told | null => {
  if (before && (bytes <= before.bytes || now - before.at < APART_MS)) return null
  const reached = total === 0 ? 0 : Math.min(99, Math.floor((bytes / total) * 100))
  // A file that was replaced meanwhile may be larger.
  const percent = Math.max(before?.percent ?? 0, reached)
  return { bytes, total, percent, at: now }
}

export const complete = (total: number, now: number): Told => ({
  bytes: total,
  total,
  percent: 100,
  at: now,
})

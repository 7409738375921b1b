/** One statement's rows and characters. */
const ROWS = 1_000
const CHARS = 4 * 1024 * 1024

/** Lists that one statement takes each. */
export function* batches<T>(
  rows: readonly T[],
  size: (row: T) => number = () => 0,
): Generator<T[]> {
  let batch: T[] = []
  let chars = 0
  for (const row of rows) {
    if (batch.length >= ROWS || (batch.length > 0 && chars + size(row) > CHARS)) {
      yield batch
      batch = []
      chars = 0
    }
    batch.push(row)
    chars += size(row)
  }
  if (batch.length > 0) yield batch
}

/** Writes in turn: what comes while one write runs goes together in the next. */
export interface Gatherer<T, R> {
  /** Resolves when the item's write is done, or rejects like it. */
  add(item: T): Promise<R>
}

/** Makes a gatherer over a write. */
export const createGatherer = <T, R>(
  write: (items: readonly T[]) => Promise<R>,
): Gatherer<T, R> => {
  let waiting: T[] = []
  let next: Promise<R> | null = null
  let running: Promise<unknown> = Promise.resolve()

  const begin = (): Promise<R> => {
    const items = waiting
    waiting = []
    next = null
    return write(items)
  }
  return {
    add(item) {
      waiting.push(item)
      if (!next) {
        next = running.then(begin)
        // Whoever added hears of a failure; the write after it goes on.
        running = next.catch(() => {})
      }
      return next
    },
  }
}

/** Runs numbered steps strictly in order: one that is ready early waits for those before it. */
export interface InOrder {
  /** Its turn may come; null: there is nothing to do for this number. */
  ready(number: number, run: (() => void) | null): void
  /** The last number whose turn has come. */
  readonly done: number
}

/** Begins after the number `done`. */
export const createInOrder = (done: number): InOrder => {
  const waiting = new Map<number, (() => void) | null>()
  let last = done
  return {
    ready(number, run) {
      waiting.set(number, run)
      for (let next = waiting.get(last + 1); next !== undefined; next = waiting.get(last + 1)) {
        last += 1
        waiting.delete(last)
        next?.()
      }
    },
    get done() {
      return last
    },
  }
}

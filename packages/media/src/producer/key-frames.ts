const APART_MS = 250

/** Coalesces key-frame requests: the first goes at once, more at most every 250 ms until one came. */
export class KeyFrameRequests {
  #wanted = false
  #last = Number.NEGATIVE_INFINITY

  want(): void {
    this.#wanted = true
  }

  arrived(): void {
    this.#wanted = false
  }

  /** True when a request has to be sent now. */
  due(now: number): boolean {
    if (!this.#wanted || now - this.#last < APART_MS) return false
    this.#last = now
    return true
  }
}

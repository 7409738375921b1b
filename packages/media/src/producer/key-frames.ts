/** Chromium ignores a request within 300 ms of the last one it served; one more would come too late. */
export const APART_MS = 310

/** Coalesces key-frame requests: the first goes at once, more at most every 310 ms until one came. */
export class KeyFrameRequests {
  #wanted = false
  #last = Number.NEGATIVE_INFINITY

  /** `ask` is called at every wish: whoever waits for a picture is not to wait for a tick as well. */
  constructor(private readonly ask: () => void) {}

  want(): void {
    this.#wanted = true
    this.ask()
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

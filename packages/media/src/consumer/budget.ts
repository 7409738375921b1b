/** A token bucket: `perSecond` on average, `burst` at once. */
export class Budget {
  #tokens: number
  #at = Number.NEGATIVE_INFINITY

  constructor(
    private readonly perSecond: number,
    private readonly burst: number,
  ) {
    this.#tokens = burst
  }

  take(now: number): boolean {
    if (this.#at !== Number.NEGATIVE_INFINITY)
      this.#tokens = Math.min(this.burst, this.#tokens + ((now - this.#at) / 1000) * this.perSecond)
    this.#at = now
    if (this.#tokens < 1) return false
    this.#tokens -= 1
    return true
  }
}

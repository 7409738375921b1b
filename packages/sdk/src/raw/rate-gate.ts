/** Lets through at most so many events in any second. */
export class RateGate {
  readonly #passed: number[] = []

  constructor(private readonly perSecond: number) {}

  /** `now` in milliseconds, never smaller than before. */
  pass(now: number): boolean {
    while (this.#passed.length > 0 && now - (this.#passed[0] as number) >= 1000)
      this.#passed.shift()
    if (this.#passed.length >= this.perSecond) return false
    this.#passed.push(now)
    return true
  }
}

/** ms. */
const LEAST = 30
const MOST = 200
/** Latest arrivals are forgotten by this part after a second. */
const FORGETS = 0.1
/** The clock of the other side may be slower by so much; a phone's is off by 0.2 at most, ms per s. */
const DRIFT = 1
/** More than that is no jitter but a sender that began anew or stopped its clock in silence. */
const BREAK = 400

/** How long packets must wait so that nearly all are there when they are due. */
export class DelayEstimate {
  /** Transit time of the quickest packets, on an arbitrary scale. */
  #quickest: number | null = null
  #lateness = 0
  #at = 0

  /** `sentAt` by the sender's clock, `now` by ours, ms. */
  packet(sentAt: number, now: number): void {
    const transit = now - sentAt
    const seconds = Math.max(0, now - this.#at) / 1000
    this.#at = now
    const before = this.#quickest
    if (before === null || Math.abs(transit - before) > BREAK) {
      this.#quickest = transit
      return
    }
    this.#quickest = Math.min(transit, before + Math.min(seconds, 1) * DRIFT)
    const late = transit - this.#quickest
    const forgotten = this.#lateness * (1 - FORGETS) ** Math.min(seconds, 60)
    this.#lateness = Math.max(late, forgotten)
  }

  /** ms, between 30 and 200. */
  get target(): number {
    return Math.min(MOST, Math.max(LEAST, this.#lateness + 20))
  }
}

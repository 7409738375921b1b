import type { Acknowledged } from './send-log.ts'

/** Optimistic, so that a newcomer sees everybody at once; congestion is noticed in half a second. */
const START = 6_000_000
const LEAST = 100_000
const WINDOW_MS = 250
/** A standing queue. Its least delay counts: a busy receiver delays many packets, but not all. */
const QUEUE_MS = 80
const LOSS = 0.1
const BACK_OFF = 0.85
/** Growth per second, relative and in bit/s; the latter brings a narrow path back in a few seconds. */
const GROWTH = 0.12
const LEAST_GROWTH = 30_000
/** Windows that the path must be bad in a row. */
const BAD_WINDOWS = 2
/** The least transit is forgotten after two such spans: clocks drift. */
const BASE_SPAN_MS = 10_000

/**
 * How much a subscriber's path takes (media-findings §3.3): the acknowledged rate, reduced, while a
 * queue stands or packets are lost; growing otherwise. Pure but for its own state.
 */
export class DownlinkEstimator {
  #estimate = START
  #base = Number.POSITIVE_INFINITY
  #baseBefore = Number.POSITIVE_INFINITY
  #baseSince = 0
  #windowStart = 0
  #received = 0
  #lost = 0
  #bytes = 0
  #leastTransit = Number.POSITIVE_INFINITY
  #bad = 0

  /** bit/s */
  get estimate(): number {
    return this.#estimate
  }

  /** `wanted` bounds the growth: a path that is not used tells nothing. */
  feedback(a: Acknowledged, now: number, wanted: number): void {
    if (this.#windowStart === 0) this.#windowStart = this.#baseSince = now
    this.#received += a.received
    this.#lost += a.lost
    this.#bytes += a.bytes
    this.#leastTransit = Math.min(this.#leastTransit, a.leastTransit)
    this.#base = Math.min(this.#base, a.leastTransit)
    const elapsed = now - this.#windowStart
    if (elapsed >= WINDOW_MS) this.#close(now, elapsed, wanted)
  }

  #close(now: number, elapsed: number, wanted: number): void {
    const queue = this.#leastTransit - Math.min(this.#base, this.#baseBefore)
    const total = this.#received + this.#lost
    const isBad =
      (this.#received > 0 && queue > QUEUE_MS) || (total >= 10 && this.#lost / total > LOSS)
    this.#bad = isBad ? this.#bad + 1 : 0
    const seconds = Math.min(elapsed / 1000, 1)
    const rate = (this.#bytes * 8) / (elapsed / 1000)
    if (this.#bad >= BAD_WINDOWS)
      this.#estimate = Math.max(LEAST, Math.min(this.#estimate, rate * BACK_OFF))
    else if (!isBad && this.#estimate < Math.max(START, wanted * 1.5))
      this.#estimate += (this.#estimate * GROWTH + LEAST_GROWTH) * seconds
    if (now - this.#baseSince > BASE_SPAN_MS) {
      this.#baseBefore = this.#base
      this.#base = Number.POSITIVE_INFINITY
      this.#baseSince = now
    }
    this.#windowStart = now
    this.#received = this.#lost = this.#bytes = 0
    this.#leastTransit = Number.POSITIVE_INFINITY
  }

  /** REMB, from a receiver without transport-cc. */
  told(bitsPerSecond: number): void {
    this.#estimate = Math.max(LEAST, bitsPerSecond)
  }
}

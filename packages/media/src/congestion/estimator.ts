import type { Acknowledged } from './send-log.ts'

/** Optimistic, so that a newcomer sees everybody at once; congestion is noticed in half a second. */
const START = 6_000_000
const LEAST = 50_000
const WINDOW_MS = 250
/** A standing queue. Its least delay counts: a busy receiver delays many packets, but not all. */
const QUEUE_MS = 80
const LOSS = 0.1
const BACK_OFF = 0.85
/** Growth per second, relative and in bit/s; the latter brings a narrow path back in a few seconds. */
const GROWTH = 0.12
const LEAST_GROWTH = 30_000
/** Once it was too much, growth needs proof: no further than this part of what arrives, or a probe. */
const UNPROVEN = 1.5
/** Windows that the path must be bad in a row. */
const BAD_WINDOWS = 2
/** After a reduction the queue has to drain before it can tell anything new. */
const HOLD_MS = 700
const STALE_MS = 1_000
/** A queue grows no faster than time passes; what exceeds that by so much is the page's clock, set forward. */
const CLOCK_STEP_MS = 300
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
  /** That of the last window in which something arrived, and when that was. */
  #lastTransit = Number.POSITIVE_INFINITY
  #lastAt = 0
  #bad = 0
  /** What arrived since the path got bad, and in how long. */
  #badBytes = 0
  #badMs = 0
  #heldUntil = 0
  #isLimited = false

  /** bit/s */
  get estimate(): number {
    return this.#estimate
  }

  /** The path was too narrow and has not been proven wide enough since: probes are of use. */
  get isLimited(): boolean {
    return this.#isLimited && this.#bad === 0
  }

  /** Too much is being sent just now. */
  get isCongested(): boolean {
    return this.#bad >= BAD_WINDOWS
  }

  /** Nothing was reported for a while, perhaps because nothing is sent any more: what stood is gone. */
  settle(now: number): void {
    if (this.#bad > 0 && now - this.#windowStart > STALE_MS) this.#bad = 0
  }

  /** A probe arrived at this rate. */
  probed(rate: number): void {
    if (this.#bad === 0) this.#estimate = Math.max(this.#estimate, rate)
  }

  /** Probes are not to be had: growth goes on without proof. */
  trust(): void {
    this.#isLimited = false
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

  /** Transits before and after a step of the page's clock do not compare: this window counts as the first. */
  #followClock(now: number): void {
    if (this.#received === 0) return
    const step = this.#leastTransit - this.#lastTransit
    if (step > now - this.#lastAt + CLOCK_STEP_MS) {
      this.#base = this.#leastTransit
      this.#baseBefore = Number.POSITIVE_INFINITY
      this.#baseSince = now
    }
    this.#lastTransit = this.#leastTransit
    this.#lastAt = now
  }

  #close(now: number, elapsed: number, wanted: number): void {
    this.#followClock(now)
    const queue = this.#leastTransit - Math.min(this.#base, this.#baseBefore)
    const total = this.#received + this.#lost
    const isQueued = this.#received > 0 && queue > QUEUE_MS
    const loss = total >= 10 ? this.#lost / total : 0
    const isBad = isQueued || loss > LOSS
    this.#bad = isBad ? this.#bad + 1 : 0
    const seconds = Math.min(elapsed / 1000, 1)
    const rate = (this.#bytes * 8) / (elapsed / 1000)
    this.#badBytes = isBad ? this.#badBytes + this.#bytes : 0
    this.#badMs = isBad ? this.#badMs + elapsed : 0
    if (this.isCongested && now >= this.#heldUntil) {
      this.#reduce((this.#badBytes * 8000) / this.#badMs, isQueued, loss)
      this.#heldUntil = now + HOLD_MS
    } else if (!isBad) this.#grow(rate, wanted, seconds)
    if (now - this.#baseSince > BASE_SPAN_MS) {
      this.#baseBefore = this.#base
      this.#base = Number.POSITIVE_INFINITY
      this.#baseSince = now
    }
    this.#windowStart = now
    this.#received = this.#lost = this.#bytes = 0
    this.#leastTransit = Number.POSITIVE_INFINITY
  }

  /** While a queue stands, what arrives is what the path takes; loss alone says less. */
  #reduce(rate: number, isQueued: boolean, loss: number): void {
    const least = rate * BACK_OFF
    const to = isQueued
      ? least
      : Math.max(least, Math.min(this.#estimate, rate * UNPROVEN) * (1 - loss / 2))
    this.#estimate = Math.max(LEAST, Math.min(this.#estimate, to))
    this.#isLimited = true
  }

  #grow(rate: number, wanted: number, seconds: number): void {
    if (this.#estimate > wanted * UNPROVEN) this.#isLimited = false
    const proven = this.#isLimited ? rate * UNPROVEN : Number.POSITIVE_INFINITY
    const bound = Math.min(proven, Math.max(START, wanted * UNPROVEN))
    const grown = this.#estimate + (this.#estimate * GROWTH + LEAST_GROWTH) * seconds
    if (this.#estimate < bound) this.#estimate = Math.min(grown, bound)
  }

  /** REMB, from a receiver without transport-cc. */
  told(bitsPerSecond: number): void {
    this.#estimate = Math.max(LEAST, bitsPerSecond)
  }
}

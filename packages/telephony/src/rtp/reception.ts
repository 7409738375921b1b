import { distance16, distance32 } from './counters.ts'
import type { ReceptionReport } from './rtcp.ts'

/** A larger step is a new beginning, not loss. */
const MAX_STEP = 3_000

/** Counts what comes of one stream (RFC 3550 appendices A.3 and A.8). */
export class Reception {
  #ssrc = 0
  #base = -1
  #highest = 0
  #received = 0
  #jitter = 0
  #lastTransit: number | null = null
  #before = { expected: 0, received: 0 }
  #report = { ntpMiddle: 0, at: 0 }

  /** `now` in ms, `rate` in Hz. */
  packet(ssrc: number, seq: number, timestamp: number, now: number, rate: number): void {
    const step = distance16(seq, this.#highest & 0xffff)
    if (this.#base < 0 || ssrc !== this.#ssrc || Math.abs(step) > MAX_STEP) this.#begin(ssrc, seq)
    else if (step > 0) this.#highest += step
    this.#received += 1
    const transit = (((now * rate) / 1000 - timestamp) | 0) >>> 0
    if (this.#lastTransit !== null) {
      const d = Math.abs(distance32(transit, this.#lastTransit))
      this.#jitter += (d - this.#jitter) / 16
    }
    this.#lastTransit = transit
  }

  #begin(ssrc: number, seq: number): void {
    this.#ssrc = ssrc
    this.#base = this.#highest = seq
    this.#received = 0
    this.#jitter = 0
    this.#lastTransit = null
    this.#before = { expected: 0, received: 0 }
  }

  senderReport(ntpMiddle: number, now: number): void {
    this.#report = { ntpMiddle, at: now }
  }

  /** Null before anything came. */
  report(now: number): ReceptionReport | null {
    if (this.#base < 0) return null
    const expected = this.#highest - this.#base + 1
    const due = expected - this.#before.expected
    const missed = due - (this.#received - this.#before.received)
    this.#before = { expected, received: this.#received }
    const { ntpMiddle, at } = this.#report
    return {
      ssrc: this.#ssrc,
      fractionLost: due > 0 && missed > 0 ? Math.min(255, Math.floor((missed * 256) / due)) : 0,
      lost: Math.max(0, Math.min(0x7fffff, expected - this.#received)),
      highest: this.#highest,
      jitter: Math.floor(this.#jitter),
      lastReport: ntpMiddle,
      delay: ntpMiddle ? Math.round(((now - at) * 65_536) / 1000) : 0,
    }
  }
}

import { readTransportFeedback } from '../rtp/transport-cc.ts'

/** Packets in flight that feedback can still speak of: seconds at any rate we send. */
const CAPACITY = 4096
/** The receiver's reference time has 24 bits of 64 ms. */
const CLOCK_WRAP_MS = 2 ** 24 * 64

/** A packet reported missing counts as lost when it did not show up for so long: paths reorder. */
const LATE_MS = 150
const MAX_MISSING = 1024

/** What one feedback says, summed up. */
export interface Acknowledged {
  received: number
  lost: number
  bytes: number
  /** Least one-way time of the packets, milliseconds between two unrelated clocks. */
  leastTransit: number
}

/** Numbers the packets of one subscriber's transport and remembers when each was sent. */
export class SendLog {
  readonly #sentAt = new Float64Array(CAPACITY)
  readonly #bytes = new Uint16Array(CAPACITY)
  readonly #seqs = new Int32Array(CAPACITY).fill(-1)
  /** Reported missing, and when first. */
  readonly #missing = new Map<number, number>()
  #next = 0
  #clockBase: number | null = null

  /** Number of the next packet. */
  get next(): number {
    return this.#next
  }

  /** The packet with the number `next` was sent. */
  sent(bytes: number, now: number): void {
    const slot = this.#next % CAPACITY
    this.#sentAt[slot] = now
    this.#bytes[slot] = bytes
    this.#seqs[slot] = this.#next
    this.#next = (this.#next + 1) & 0xffff
  }

  /**
   * Takes a feedback; null when it is damaged or speaks of nothing we know. `arrived` hears of every
   * packet once, with the receiver's time.
   */
  acknowledge(
    b: Buffer,
    from: number,
    end: number,
    now: number,
    arrived?: (seq: number, at: number, bytes: number) => void,
  ): Acknowledged | null {
    const sum = { received: 0, lost: 0, bytes: 0, leastTransit: Number.POSITIVE_INFINITY }
    const whole = readTransportFeedback(b, from, end, (seq, us) => {
      const slot = seq % CAPACITY
      if (this.#seqs[slot] !== seq) return
      if (us === null) {
        if (!this.#missing.has(seq) && this.#missing.size < MAX_MISSING) this.#missing.set(seq, now)
        return
      }
      this.#seqs[slot] = -1
      this.#missing.delete(seq)
      const at = this.#receiverTime(us / 1000)
      sum.received += 1
      sum.bytes += this.#bytes[slot] as number
      sum.leastTransit = Math.min(sum.leastTransit, at - (this.#sentAt[slot] as number))
      arrived?.(seq, at, this.#bytes[slot] as number)
    })
    sum.lost = this.#giveUp(now)
    return whole && sum.received + sum.lost > 0 ? sum : null
  }

  /** How many packets have been missing for too long. */
  #giveUp(now: number): number {
    let lost = 0
    for (const [seq, since] of this.#missing) {
      if (now - since < LATE_MS) break
      this.#missing.delete(seq)
      this.#seqs[seq % CAPACITY] = -1
      lost += 1
    }
    return lost
  }

  /** The receiver's wrapping clock as one that only grows. */
  #receiverTime(ms: number): number {
    if (this.#clockBase === null) this.#clockBase = ms
    const d = ms - this.#clockBase
    return d - Math.round(d / CLOCK_WRAP_MS) * CLOCK_WRAP_MS
  }
}

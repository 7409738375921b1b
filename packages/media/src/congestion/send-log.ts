import { readTransportFeedback } from '../rtp/transport-cc.ts'

/** Packets in flight that feedback can still speak of: seconds at any rate we send. */
const CAPACITY = 4096
/** The receiver's reference time has 24 bits of 64 ms. */
const CLOCK_WRAP_MS = 2 ** 24 * 64

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

  /** Takes a feedback; null when it is damaged or speaks of nothing we know. */
  acknowledge(b: Buffer, from: number, end: number): Acknowledged | null {
    const sum = { received: 0, lost: 0, bytes: 0, leastTransit: Number.POSITIVE_INFINITY }
    const whole = readTransportFeedback(b, from, end, (seq, us) => {
      const slot = seq % CAPACITY
      if (this.#seqs[slot] !== seq) return
      if (us === null) {
        // Kept: a packet reported missing may still arrive and be reported again.
        sum.lost += 1
        return
      }
      this.#seqs[slot] = -1
      sum.received += 1
      sum.bytes += this.#bytes[slot] as number
      const transit = this.#receiverTime(us / 1000) - (this.#sentAt[slot] as number)
      if (transit < sum.leastTransit) sum.leastTransit = transit
    })
    return whole && sum.received + sum.lost > 0 ? sum : null
  }

  /** The receiver's wrapping clock as one that only grows. */
  #receiverTime(ms: number): number {
    if (this.#clockBase === null) this.#clockBase = ms
    const d = ms - this.#clockBase
    return d - Math.round(d / CLOCK_WRAP_MS) * CLOCK_WRAP_MS
  }
}

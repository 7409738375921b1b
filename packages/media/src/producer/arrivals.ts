import { unwrap } from '../rtp/seq.ts'
import { type Arrival, writeTransportFeedback } from '../rtp/transport-cc.ts'

/** Most numbers one feedback reports on: 8,000 packets/s of one page, and it fits one datagram. */
const MAX_REPORTED = 400
/** Longest delay by which a packet may come out of order and still be reported. */
const REORDERED_US = 250_000

/** What is missing may only be late: so long nothing is told of what overtook it. */
const HOLD_US = 60_000

/**
 * Notes when each packet of a transport arrived and makes the feedback that drives the sender.
 *
 * What was overtaken did not stand in a queue: queues keep the order. It is told as if it had come with
 * the first that overtook it, and not called missing before it had its time: senders would take a path
 * that scatters packets for a full one, and give up their larger encodings. A path that keeps the order
 * is told as it is, at once.
 */
export class ArrivalLog {
  /** The last arrivals by number, reported ones among them: a late packet is reported between them. */
  readonly #arrivals = new Map<number, number>()
  #highest = -1
  /** First number of the next feedback; negative before the first arrival. */
  #next = -1
  #isFresh = false
  #count = 0

  /** `seq` is the 16-bit transport-wide number, `us` a monotonic time in microseconds. */
  note(seq: number, us: number): void {
    const n = this.#highest < 0 ? seq : unwrap(seq, this.#highest)
    if (this.#next < 0) this.#next = n
    if (n > this.#highest) this.#highest = n
    if (n <= this.#highest - MAX_REPORTED || this.#arrivals.has(n)) return
    if (this.#arrivals.size >= 2 * MAX_REPORTED) return
    this.#arrivals.set(n, us)
    this.#isFresh = true
    // A packet that an earlier feedback called missing was only late: it is told anew from there on,
    // or the sender would take a path that reorders for one that loses.
    if (n < this.#next) this.#next = n
  }

  /** The next feedback, or null when nothing arrived since that could not be overtaken any more. */
  take(sender: number, media: number, now: number): Buffer | null {
    if (!this.#isFresh) return null
    // After a leap of the numbers only its end is reported.
    const oldest = this.#highest - MAX_REPORTED + 1
    const base = Math.max(this.#next, oldest)
    const arrivals: Arrival[] = []
    for (const [n, us] of this.#arrivals) {
      if (n >= base) arrivals.push({ n, us })
      if (n < oldest || now - us > REORDERED_US) this.#arrivals.delete(n)
    }
    arrivals.sort((a, b) => a.n - b.n)
    for (let i = arrivals.length - 2; i >= 0; i--) {
      const [one, later] = [arrivals[i] as Arrival, arrivals[i + 1] as Arrival]
      one.us = Math.min(one.us, later.us)
    }
    const told = this.#ripe(arrivals, base, now)
    const last =
      told.length === arrivals.length ? this.#highest : (told.at(-1)?.n ?? Number.NEGATIVE_INFINITY)
    if (last < base) return null
    this.#isFresh = last < this.#highest
    this.#next = last + 1
    const ids = { sender, media, count: this.#count++ }
    return writeTransportFeedback(ids, base, last - base + 1, told)
  }

  /** Up to the first gap that may still be filled. */
  #ripe(arrivals: readonly Arrival[], base: number, now: number): readonly Arrival[] {
    let next = base
    const end = arrivals.findIndex(({ n, us }) => {
      const isGap = n > next
      next = n + 1
      return isGap && now - us < HOLD_US
    })
    return end < 0 ? arrivals : arrivals.slice(0, end)
  }
}

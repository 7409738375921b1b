import { unwrap } from '../rtp/seq.ts'
import { type Arrival, writeTransportFeedback } from '../rtp/transport-cc.ts'

/** Most numbers one feedback reports on: 8,000 packets/s of one page, and it fits one datagram. */
const MAX_REPORTED = 400
/** Longest delay by which a packet may come out of order and still be reported. */
const REORDERED_US = 250_000

/** Feedback waits so long at most for packets that others overtook. */
const MAX_HOLD_US = 60_000
/** What remains of that wait after each feedback on a path that stopped to reorder. */
const HOLD_DECAY = 0.98
/** Numbers that are looked at to see by whom a packet was overtaken. */
const MAX_OVERTAKING = 64

/**
 * Notes when each packet of a transport arrived and makes the feedback that drives the sender.
 *
 * What was overtaken did not stand in a queue: queues keep the order. It is told as if it had come with
 * the first that overtook it, or senders would take a path that scatters packets for a full one, and
 * give up their larger encodings. A path that keeps the order is told as it is, at once.
 */
export class ArrivalLog {
  /** The last arrivals by number, reported ones among them: a late packet is reported between them. */
  readonly #arrivals = new Map<number, number>()
  #highest = -1
  /** First number of the next feedback; negative before the first arrival. */
  #next = -1
  #isFresh = false
  #count = 0
  /** How late overtaken packets come lately, microseconds. */
  #hold = 0

  /** `seq` is the 16-bit transport-wide number, `us` a monotonic time in microseconds. */
  note(seq: number, us: number): void {
    const n = this.#highest < 0 ? seq : unwrap(seq, this.#highest)
    if (this.#next < 0) this.#next = n
    if (n > this.#highest) this.#highest = n
    if (n <= this.#highest - MAX_REPORTED || this.#arrivals.has(n)) return
    if (this.#arrivals.size >= 2 * MAX_REPORTED) return
    this.#arrivals.set(n, us)
    this.#isFresh = true
    if (n < this.#highest) this.#overtaken(n, us)
    // A packet that an earlier feedback called missing was only late: it is told anew from there on,
    // or the sender would take a path that reorders for one that loses.
    if (n < this.#next) this.#next = n
  }

  #overtaken(n: number, us: number): void {
    let first = us
    const last = Math.min(this.#highest, n + MAX_OVERTAKING)
    for (let later = n + 1; later <= last; later++)
      first = Math.min(first, this.#arrivals.get(later) ?? us)
    if (us - first <= MAX_HOLD_US) this.#hold = Math.max(this.#hold, us - first)
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
    const told = this.#hold === 0 ? arrivals : arrivals.filter(({ us }) => us <= now - this.#hold)
    this.#hold = this.#hold < 1000 ? 0 : this.#hold * HOLD_DECAY
    const last =
      told.length === arrivals.length ? this.#highest : (told.at(-1)?.n ?? Number.NEGATIVE_INFINITY)
    if (last < base) return null
    this.#isFresh = last < this.#highest
    this.#next = last + 1
    const ids = { sender, media, count: this.#count++ }
    return writeTransportFeedback(ids, base, last - base + 1, told)
  }
}

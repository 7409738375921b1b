import { unwrap } from '../rtp/seq.ts'
import { type Arrival, writeTransportFeedback } from '../rtp/transport-cc.ts'

/** Most numbers one feedback reports on: 8,000 packets/s of one page, and it fits one datagram. */
const MAX_REPORTED = 400

/** Notes when each packet of a transport arrived and makes the feedback that drives the sender. */
export class ArrivalLog {
  #arrivals: Arrival[] = []
  #highest = -1
  #reported = -1
  #count = 0

  /** `seq` is the 16-bit transport-wide number, `us` a monotonic time in microseconds. */
  note(seq: number, us: number): void {
    const n = this.#highest < 0 ? seq : unwrap(seq, this.#highest)
    if (n > this.#highest) this.#highest = n
    if (n <= this.#reported || this.#arrivals.length >= MAX_REPORTED) return
    this.#arrivals.push({ n, us })
  }

  /** The next feedback, or null when nothing arrived since. */
  take(sender: number, media: number): Buffer | null {
    const arrivals = this.#arrivals.sort((a, b) => a.n - b.n)
    const last = arrivals.at(-1)?.n
    if (last === undefined) return null
    this.#arrivals = []
    const first = (arrivals[0] as Arrival).n
    const next = this.#reported >= 0 ? this.#reported + 1 : first
    // After a leap of the numbers only its end is reported.
    const base = Math.max(next, last - MAX_REPORTED + 1)
    this.#reported = last
    const reported = first < base ? arrivals.filter((a) => a.n >= base) : arrivals
    const ids = { sender, media, count: this.#count++ }
    return writeTransportFeedback(ids, base, last - base + 1, reported)
  }
}

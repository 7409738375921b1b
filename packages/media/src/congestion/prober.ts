/** A probe lasts so long at its rate. */
const BURST_MS = 40
/** Bounds of one probe in packets: enough to tell a rate, not enough to fill a narrow path's queue. */
const LEAST_PACKETS = 6
const MOST_PACKETS = 120
/** Between probes; doubled by each that shows nothing new, so that a narrow path is left in peace. */
const FIRST_MS = 500
const LAST_MS = 4_000
/** A probe goes no further than this beyond the estimate. */
const STEP = 3
/** Part of the measured rate that is believed. */
const BELIEVED = 0.9
/** Clocks of receivers tell no shorter spans apart. */
const LEAST_SPREAD_MS = 1

interface Running {
  readonly first: number
  readonly count: number
  readonly rate: number
  readonly sentAt: number
}

/** Finds out with bursts of padding whether a path takes more than is being sent on it. */
export class Prober {
  #running: Running | null = null
  #bytes = 0
  #begin = Number.POSITIVE_INFINITY
  #end = 0
  #next = 0
  #pause = FIRST_MS

  constructor(
    /** The next transport-wide number. */
    private readonly nextSeq: () => number,
    /** Sends that many packets of padding; their size, or 0 when it is not possible. */
    private readonly pad: (packets: number) => number,
    private readonly packetBytes: number,
  ) {}

  /** Sends a probe when one is due; false when padding is not possible. */
  run(estimate: number, wanted: number, now: number): boolean {
    if (this.#running || now < this.#next) return true
    const rate = Math.min(wanted, estimate * STEP)
    const needed = Math.ceil((rate * BURST_MS) / 8000 / this.packetBytes)
    const count = Math.min(MOST_PACKETS, Math.max(LEAST_PACKETS, needed))
    const first = this.nextSeq()
    if (this.pad(count) < count) return false
    this.#running = { first, count, rate, sentAt: now }
    this.#bytes = this.#end = 0
    this.#begin = Number.POSITIVE_INFINITY
    return true
  }

  /** A packet of the path arrived at the receiver's time `at`. */
  arrived(seq: number, at: number, bytes: number): void {
    const { first, count } = this.#running ?? { first: 0, count: 0 }
    if (((seq - first) & 0xffff) >= count) return
    // The first to arrive opens the span: its own bytes took time before it.
    if (this.#begin !== Number.POSITIVE_INFINITY) this.#bytes += bytes
    this.#begin = Math.min(this.#begin, at)
    this.#end = Math.max(this.#end, at)
  }

  /** Rate that the probe proves, when all of it had time to arrive; else null. */
  result(estimate: number, now: number): number | null {
    const running = this.#running
    if (!running || now - running.sentAt < FIRST_MS) return null
    this.#running = null
    const spread = Math.max(LEAST_SPREAD_MS, this.#end - this.#begin)
    const whole = this.#bytes >= (running.count - 1) * this.packetBytes * BELIEVED
    const rate = whole ? Math.min(running.rate, ((this.#bytes * 8000) / spread) * BELIEVED) : 0
    this.#pause = rate > estimate ? FIRST_MS : Math.min(LAST_MS, this.#pause * 2)
    this.#next = now + this.#pause
    return rate
  }
}

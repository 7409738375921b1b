import { distance } from '../rtp/seq.ts'

const MAX_TRIES = 6
const RETRY_MS = 60
/** A gap larger than this is a jump of the sender, not loss: a key frame repairs it. */
const MAX_GAP = 128
const MAX_MISSING = 512

/** Longest wait for packets that are merely late, before they are asked for. */
const MAX_TOLERANCE = 60
/** How fast the tolerance is forgotten where nothing comes late. */
const TOLERANCE_DECAY = 0.98

interface Missing {
  readonly since: number
  tries: number
  next: number
}

export interface StreamCount {
  readonly highest: number
  readonly expected: number
  readonly received: number
}

/** Which packets of a stream are missing and when to ask for them again. Pure but for its own state. */
export class GapTracker {
  #highest = -1
  #base = 0
  #received = 0
  /** How late packets of this path come by themselves, ms. */
  #tolerance = 0
  readonly #missing = new Map<number, Missing>()

  /**
   * Notes a packet. `late` fills a gap, `duplicate` was here before, `jump` means that too much is
   * missing for retransmission.
   */
  note(seq: number, now: number, isRepair = false): 'next' | 'late' | 'duplicate' | 'jump' {
    this.#received += 1
    if (this.#highest < 0) {
      this.#highest = this.#base = seq
      return 'next'
    }
    const d = distance(seq, this.#highest & 0xffff)
    if (d <= 0) return this.#fill(seq, now, isRepair) ? 'late' : 'duplicate'
    this.#tolerance *= TOLERANCE_DECAY
    if (d > MAX_GAP || this.#missing.size + d > MAX_MISSING) {
      this.#missing.clear()
      this.#highest += d
      return 'jump'
    }
    for (let i = 1; i < d; i++)
      this.#missing.set((this.#highest + i) & 0xffff, {
        since: now,
        tries: 0,
        next: now + Math.ceil(this.#tolerance),
      })
    this.#highest += d
    return 'next'
  }

  /** What comes by itself was reordered, not lost: others of its kind are waited for. */
  #fill(seq: number, now: number, isRepair: boolean): boolean {
    const missing = this.#missing.get(seq)
    if (!missing) return false
    this.#missing.delete(seq)
    const late = now - missing.since
    if (!isRepair && late <= MAX_TOLERANCE) this.#tolerance = Math.max(this.#tolerance, late)
    return true
  }

  /** Sequence numbers to ask for now, ascending from the oldest. */
  due(now: number): number[] {
    const seqs: number[] = []
    for (const [seq, m] of this.#missing) {
      if (m.next > now) continue
      if (m.tries >= MAX_TRIES) {
        this.#missing.delete(seq)
        continue
      }
      m.tries += 1
      m.next = now + RETRY_MS
      seqs.push(seq)
    }
    return seqs
  }

  /** Nobody needs what is missing. */
  forget(): void {
    this.#missing.clear()
  }

  /** How late packets of this path come by themselves, ms; 0 where they keep the order. */
  get tolerance(): number {
    return this.#tolerance < 1 ? 0 : Math.ceil(this.#tolerance)
  }

  get waiting(): boolean {
    return this.#missing.size > 0
  }

  /** For receiver reports. */
  count(): StreamCount {
    return {
      highest: this.#highest,
      expected: this.#highest < 0 ? 0 : this.#highest - this.#base + 1,
      received: this.#received,
    }
  }
}

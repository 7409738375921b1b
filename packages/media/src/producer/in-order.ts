import { distance } from '../rtp/seq.ts'
import type { LayerPacket } from './layer.ts'

/** Packets that wait at most. */
const MOST_HELD = 128

interface Held {
  readonly taken: LayerPacket
  /** ms */
  readonly until: number
}

/**
 * Gives packets on in the order of their numbers, as far as a path that scatters them allows. Receivers
 * ask again for what is only late, and take pictures that were asked for for no measure of time: played
 * at the pace of their first packets, they fell behind for good.
 */
export class InOrder {
  /** Number that is given on next; negative before the first. */
  #next = -1
  /** Ascending; behind a gap. */
  readonly #held: Held[] = []

  constructor(private readonly give: (taken: LayerPacket) => void) {}

  /** `patience`: how long packets of this path may be late, ms; what lies behind a gap waits so long. */
  push(taken: LayerPacket, now: number, patience: number): void {
    const ahead = this.#next < 0 ? 0 : distance(taken.packet.seq, this.#next)
    if (ahead <= 0) {
      if (ahead === 0) this.#pass(taken)
      else this.give(taken)
      this.#drain()
    } else if (patience <= 0 && this.#held.length === 0) this.#pass(taken)
    else {
      this.#insert({ taken, until: now + patience })
      if (patience <= 0 || this.#held.length > MOST_HELD) this.#release(this.#held.length)
    }
    this.due(now)
  }

  /** Gives on what has waited long enough, and what came before it. */
  due(now: number): void {
    if (this.#held.length > 0) this.#release(this.#held.findLastIndex((h) => h.until <= now) + 1)
  }

  /** Another stream begins, or nobody receives it any more. */
  clear(): void {
    this.#next = -1
    this.#held.length = 0
  }

  #insert(held: Held): void {
    const { seq } = held.taken.packet
    const at = this.#held.findLastIndex((h) => distance(seq, h.taken.packet.seq) > 0)
    this.#held.splice(at + 1, 0, held)
  }

  #release(count: number): void {
    for (const { taken } of this.#held.splice(0, count)) this.#pass(taken)
    this.#drain()
  }

  #drain(): void {
    while (this.#held[0]?.taken.packet.seq === this.#next)
      this.#pass((this.#held.shift() as Held).taken)
  }

  #pass(taken: LayerPacket): void {
    this.#next = (taken.packet.seq + 1) & 0xffff
    this.give(taken)
  }
}

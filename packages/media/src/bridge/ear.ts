import { Budget } from '../consumer/budget.ts'
import type { BridgedPacket } from '../engine.ts'
import { type MediaPacket, PAYLOAD_AT } from '../producer/layout.ts'
import type { Producer } from '../producer/producer.ts'
import { Loudest } from './loudest.ts'

/** Four sounds of 10 ms packets, whatever pages send. */
const PACKETS_PER_SECOND = 400
/** Opus in one packet of the network (RFC 6716 §3.4). */
const MAX_OPUS = 1_500
/** RFC 6464 byte of a sound whose page does not tell its level: neither first nor last. */
const UNTOLD = 40

/** What a bridge hears: the loudest few of the sounds it may hear, and no more than a bounded rate. */
export class Ear {
  readonly #producers = new Set<Producer>()
  readonly #loudest = new Loudest<Producer>()
  readonly #budget = new Budget(PACKETS_PER_SECOND, PACKETS_PER_SECOND / 4)
  #heard: BridgedPacket[] = []

  constructor(private readonly pass: (packets: BridgedPacket[]) => void) {}

  /** Exactly these sounds from now on. */
  hear(producers: ReadonlySet<Producer>): void {
    for (const producer of this.#producers) if (!producers.has(producer)) this.#forget(producer)
    for (const producer of producers) {
      this.#producers.add(producer)
      producer.ears.add(this)
    }
  }

  #forget(producer: Producer): void {
    this.#producers.delete(producer)
    this.#loudest.forget(producer)
    producer.ears.delete(this)
  }

  take(producer: Producer, { bytes, seq, timestamp, ssrc, level, at }: MediaPacket): void {
    const told = producer.hasLevels ? level & 0x7f : UNTOLD
    const size = bytes.length - PAYLOAD_AT
    if (size === 0 || size > MAX_OPUS) return
    if (!this.#loudest.admit(producer, told, at) || !this.#budget.take(at)) return
    // One message for all that one turn of the event loop brings.
    if (this.#heard.length === 0) setImmediate(() => this.#flush())
    const opus = bytes.subarray(PAYLOAD_AT)
    const { peer: from, track } = producer
    this.#heard.push({ from, track, stream: ssrc, seq, timestamp, level: told, opus })
  }

  #flush(): void {
    const packets = this.#heard
    this.#heard = []
    if (packets.length) this.pass(packets)
  }

  close(): void {
    for (const producer of [...this.#producers]) this.#forget(producer)
    this.#heard = []
  }
}

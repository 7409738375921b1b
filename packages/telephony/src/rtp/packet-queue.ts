import { distance16, distance32 } from './counters.ts'

export interface QueuedPacket {
  /** Unwrapped: only ever grow. */
  readonly seq: number
  readonly timestamp: number
  readonly payload: Uint8Array
}

/** What a stream can hold of us: a second of 20 ms packets. */
const CAPACITY = 50
/** A larger step is a new beginning of the other side. */
const MAX_STEP = 1_000

/** Puts packets into order; each number passes once, and none after a later one was taken. */
export class PacketQueue {
  #packets: QueuedPacket[] = []
  #near = { seq: 0, timestamp: 0 }
  #isEmptyHistory = true
  #taken = Number.NEGATIVE_INFINITY
  /** Numbers that were passed over: they may still come, too late. */
  readonly #missed = new Set<number>()

  get size(): number {
    return this.#packets.length
  }

  /**
   * The packet, also one that came too late to be taken; null for one that came before. `seq` of 16,
   * `timestamp` of 32 bits.
   */
  push(seq: number, timestamp: number, payload: Uint8Array): QueuedPacket | null {
    if (this.#isEmptyHistory) this.#near = { seq, timestamp }
    this.#isEmptyHistory = false
    const step = distance16(seq, this.#near.seq & 0xffff)
    const isNew = Math.abs(step) > MAX_STEP
    // A new beginning goes behind all that was.
    if (isNew) this.#packets = []
    const packet = {
      seq: isNew
        ? this.#near.seq - (this.#near.seq & 0xffff) + 0x10000 + seq
        : this.#near.seq + step,
      timestamp: this.#near.timestamp + distance32(timestamp, (this.#near.timestamp % 2 ** 32) | 0),
      payload,
    }
    if (packet.seq <= this.#taken) return this.#missed.delete(packet.seq) ? packet : null
    if (packet.seq > this.#near.seq) this.#near = packet
    return this.#insert(packet)
  }

  #insert(packet: QueuedPacket): QueuedPacket | null {
    let at = this.#packets.length
    while (at > 0 && (this.#packets[at - 1] as QueuedPacket).seq > packet.seq) at -= 1
    if (this.#packets[at - 1]?.seq === packet.seq) return null
    this.#packets.splice(at, 0, packet)
    if (this.#packets.length > CAPACITY) this.shift()
    return packet
  }

  peek(): QueuedPacket | undefined {
    return this.#packets[0]
  }

  shift(): QueuedPacket | undefined {
    const packet = this.#packets.shift()
    if (!packet) return undefined
    for (let seq = Math.max(this.#taken + 1, packet.seq - CAPACITY); seq < packet.seq; seq++)
      this.#missed.add(seq)
    this.#taken = packet.seq
    for (const seq of this.#missed) {
      if (seq > packet.seq - CAPACITY) break
      this.#missed.delete(seq)
    }
    return packet
  }
}

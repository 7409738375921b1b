import type { MediaPacket } from './layout.ts'

/** Packets kept per stream: about a second of video (media-findings §4.3, 9). */
const CAPACITY = 512
const MAX_AGE = 1_200

/** The last packets of one stream by sequence number, bounded by count and age. */
export class PacketRing {
  readonly #slots: (MediaPacket | undefined)[] = new Array(CAPACITY).fill(undefined)

  put(packet: MediaPacket): void {
    this.#slots[packet.seq % CAPACITY] = packet
  }

  get(seq: number, now: number): MediaPacket | null {
    const p = this.#slots[seq % CAPACITY]
    return p && p.seq === seq && now - p.at <= MAX_AGE ? p : null
  }

  /** From one packet to another, what is here of them. */
  *from(first: number, last: number, now: number): Generator<MediaPacket> {
    const count = ((last - first) & 0xffff) + 1
    if (count > CAPACITY) return
    for (let i = 0; i < count; i++) {
      const packet = this.get((first + i) & 0xffff, now)
      if (packet) yield packet
    }
  }

  clear(): void {
    this.#slots.fill(undefined)
  }
}

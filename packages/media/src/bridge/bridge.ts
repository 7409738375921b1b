import type { BridgedPacket, BridgePacket } from '../engine.ts'
import { Producer } from '../producer/producer.ts'
import { emptyHeader } from '../rtp/header.ts'
import type { Codec } from '../sdp/offer.ts'
import { Ear } from './ear.ts'

const OPUS: Codec = { name: 'opus', payloadType: 111, rtx: 0, clockRate: 48_000, fmtp: null }
const MIC = { mid: '', track: 'mic', kind: 'audio' } as const
/** What follows so long after its predecessor begins a new stretch of speech, ticks of 48 kHz. */
const TALK_SPURT = 4_800

/** What a bridge does in its room. */
export interface BridgeRole {
  /** It has a track `mic` that others hear. */
  readonly speaks: boolean
  /** It gets the sound of the peers that have connections. */
  readonly listens: boolean
}

/** A peer without a connection: its sound comes from the engine's owner and goes there. */
export class Bridge {
  readonly producers = new Map<string, Producer>()
  #ear: Ear | null = null
  readonly #ssrc: number
  readonly #header = emptyHeader()
  #seq: number
  #timestamp = 0

  constructor(
    readonly peer: string,
    newSsrc: () => number,
    private readonly heard: (packets: BridgedPacket[]) => void,
  ) {
    this.#ssrc = newSsrc()
    this.#seq = this.#ssrc & 0x3fff
  }

  get ear(): Ear | null {
    return this.#ear
  }

  /** Again: takes another role, and speaks once more after its track was stopped. */
  open({ speaks, listens }: BridgeRole): void {
    if (!speaks) this.unpublish([MIC.track])
    else if (!this.producers.has(MIC.track))
      this.producers.set(MIC.track, new Producer(this.peer, MIC, OPUS, [], 0, () => {}))
    if (listens) this.#ear ??= new Ear(this.heard)
    else this.#closeEar()
  }

  send({ opus, level, timestamp }: BridgePacket, now: number): void {
    const producer = this.producers.get(MIC.track)
    const layer = producer?.layers[0]
    if (!producer || !layer || opus.length === 0) return
    const h = this.#header
    h.payloadType = OPUS.payloadType
    h.ssrc = this.#ssrc
    h.seq = this.#seq
    h.timestamp = timestamp >>> 0
    h.marker = (h.timestamp - this.#timestamp) >>> 0 >= TALK_SPURT
    h.end = opus.length
    this.#seq = (this.#seq + 1) & 0xffff
    this.#timestamp = h.timestamp
    const source = Buffer.from(opus.buffer, opus.byteOffset, opus.length)
    producer.take(layer, source, h, Math.min(127, Math.max(0, level)), now, false)
  }

  unpublish(tracks: readonly string[]): void {
    for (const track of tracks) {
      this.producers.get(track)?.close()
      this.producers.delete(track)
    }
  }

  #closeEar(): void {
    this.#ear?.close()
    this.#ear = null
  }

  close(): void {
    this.unpublish([MIC.track])
    this.#closeEar()
  }
}

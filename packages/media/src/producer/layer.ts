import { isH264Key } from '../rtp/h264.ts'
import type { RtpHeader } from '../rtp/header.ts'
import type { SenderReport } from '../rtp/rtcp.ts'
import type { ReportBlock } from '../rtp/rtcp-write.ts'
import { isNewer } from '../rtp/seq.ts'
import { isVp8Key, vp8Height } from '../rtp/vp8.ts'
import type { Codec } from '../sdp/offer.ts'
import { GapTracker } from './gaps.ts'
import { InOrder } from './in-order.ts'
import { APART_MS, KeyFrameRequests } from './key-frames.ts'
import { type MediaPacket, PAYLOAD_AT, toLayout } from './layout.ts'
import { Liveness } from './liveness.ts'
import { Reception } from './reception.ts'
import { PacketRing } from './ring.ts'

/** Weight of the newest window in the measured rate. */
const FRESH = 0.5

/** What a packet of a layer brought. */
export interface LayerPacket {
  readonly packet: MediaPacket
  readonly isKey: boolean
}

/** One encoding of a track: its own SSRC, numbering, loss repair and rate. */
export class Layer {
  readonly ring = new PacketRing()
  readonly keyFrames: KeyFrameRequests
  readonly liveness = new Liveness()
  readonly order: InOrder
  gaps = new GapTracker()
  reception: Reception
  ssrc = 0
  /** Counts SSRCs: shifts computed for an earlier one are void. */
  generation = 0
  /** Pixels, from the last key frame; 0 while unknown. */
  height = 0
  /** bit/s, measured. */
  rate = 0
  #bytes = 0
  #windowStart = 0
  /** Where the last key frame began. */
  #key: { readonly seq: number; readonly at: number } | null = null

  constructor(
    /** rid, or '' for the only layer of a track. */
    readonly rid: string,
    readonly codec: Codec,
    askKeyFrame: (layer: Layer) => void,
    /** Gets its packets in order. */
    give: (layer: Layer, taken: LayerPacket) => void,
  ) {
    this.order = new InOrder((taken) => give(this, taken))
    this.keyFrames = new KeyFrameRequests(() => askKeyFrame(this))
    this.reception = new Reception(codec.clockRate)
  }

  /** Takes a packet; null for a duplicate. */
  receive(
    source: Buffer,
    h: RtpHeader,
    level: number,
    now: number,
    isRepair: boolean,
  ): LayerPacket | null {
    if (h.ssrc !== this.ssrc) this.#restart(h.ssrc)
    const fresh = this.gaps.note(h.seq, now, isRepair)
    if (fresh === 'duplicate') return null
    if (fresh === 'next') this.reception.packet(h.timestamp, now)
    this.liveness.packet(now)
    this.#bytes += source.length
    const packet = toLayout(source, h, level, this.codec.name === 'vp8', now)
    const isKey = this.#isKey(packet)
    if (isKey) this.#keyFrame(h.seq, now)
    else if (fresh === 'jump') this.keyFrames.want()
    return { packet, isKey }
  }

  #keyFrame(seq: number, at: number): void {
    this.keyFrames.arrived()
    this.liveness.keyFrame(at)
    this.#key = { seq, at }
  }

  /**
   * The packets from a key frame on that is so young that the page would not make another one yet;
   * empty without one.
   */
  sinceKeyFrame(now: number): MediaPacket[] {
    const { highest } = this.gaps.count()
    if (!this.#key || now - this.#key.at >= APART_MS || highest < 0) return []
    const packets = [...this.ring.from(this.#key.seq, highest & 0xffff, now)]
    return packets[0]?.seq === this.#key.seq ? packets : []
  }

  /** Packets behind that one which are here already: paths reorder. */
  after(seq: number, now: number): MediaPacket[] {
    const { highest } = this.gaps.count()
    const next = (seq + 1) & 0xffff
    return isNewer(highest & 0xffff, seq) ? [...this.ring.from(next, highest & 0xffff, now)] : []
  }

  #isKey({ bytes, vp8 }: MediaPacket): boolean {
    if (this.codec.name === 'opus') return true
    if (this.codec.name === 'h264') return isH264Key(bytes, PAYLOAD_AT, bytes.length)
    if (!vp8?.length) return false
    const frame = PAYLOAD_AT + vp8.length
    if (!isVp8Key(bytes, frame, bytes.length, vp8)) return false
    this.height = vp8Height(bytes, frame, bytes.length) || this.height
    return true
  }

  #restart(ssrc: number): void {
    this.ssrc = ssrc
    this.generation += 1
    this.gaps = new GapTracker()
    this.reception = new Reception(this.codec.clockRate)
    this.rest()
    this.#key = null
  }

  /** Nobody receives it any more: nothing is kept. */
  rest(): void {
    this.ring.clear()
    this.order.clear()
  }

  senderReport(r: SenderReport, now: number): void {
    this.reception.senderReport(r, now)
  }

  /** Closes a window of the rate measurement. */
  measure(now: number): void {
    const seconds = (now - this.#windowStart) / 1000
    // What rests keeps its last rate: it says what asking for it would cost.
    if (this.#windowStart > 0 && seconds > 0 && this.#bytes > 0) {
      const rate = (this.#bytes * 8) / seconds
      this.rate = this.rate === 0 ? rate : this.rate + (rate - this.rate) * FRESH
    }
    this.#windowStart = now
    this.#bytes = 0
  }

  report(now: number): ReportBlock | null {
    const count = this.gaps.count()
    return count.highest < 0 ? null : this.reception.report(this.ssrc, count, now)
  }
}

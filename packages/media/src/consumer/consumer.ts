import type { Layer } from '../producer/layer.ts'
import {
  type Addressing,
  address,
  type MediaPacket,
  PAYLOAD_AT,
  toRtx,
} from '../producer/layout.ts'
import type { Producer } from '../producer/producer.ts'
import type { SenderReport } from '../rtp/rtcp.ts'
import { writeSenderReport } from '../rtp/rtcp-write.ts'
import { isNewer } from '../rtp/seq.ts'
import { Budget } from './budget.ts'
import { beginAt, type LastSent, noteSent, type Span } from './shift.ts'

/** Answering every request inside a bottleneck feeds it (media-findings §3.3). */
const RETRANSMISSIONS_PER_SECOND = 60
/** Layer changes that a late retransmission can still reach back over. */
const SPANS = 4
/** After so many packets a number cannot be older than the switch, only wrapped around. */
const SETTLED = 0x4000

/** Where a consumer's packets go. */
export interface ConsumerPipe {
  /** False while the connection is not up. */
  readonly ready: boolean
  /** An RTP packet in the engine's layout; takes its transport-wide number here. */
  media(packet: Buffer): boolean
  rtcp(packet: Buffer): void
}

/** A subscriber's numbers for one consumer. */
export interface ConsumerNumbers extends Addressing {
  /** Repair stream; payload type 0 resends under the stream's own SSRC. */
  readonly rtx: { readonly payloadType: number; readonly ssrc: number }
  readonly firstSeq: number
}

/** One producer as one subscriber receives it: own SSRC, own unbroken numbering. */
export class Consumer {
  readonly #budget = new Budget(RETRANSMISSIONS_PER_SECOND, RETRANSMISSIONS_PER_SECOND)
  readonly #last: LastSent
  /** Newest first. */
  #spans: Span[] = []
  #running = false
  /** The layer being sent; null before the first key frame and during a pause. */
  #current: Layer | null = null
  /** The layer to be sent from its next key frame on. */
  #target: Layer | null
  /** The layer that the view asks for while the publisher cannot send it. */
  missed: Layer | null = null
  #sinceSwitch = 0
  #packets = 0
  #octets = 0
  #rtxSeq = 0

  constructor(
    readonly producer: Producer,
    private readonly pipe: ConsumerPipe,
    readonly numbers: ConsumerNumbers,
  ) {
    this.#last = { seq: numbers.firstSeq, timestamp: 0, picture: 0, tl0: 0, at: 0 }
    this.#target = producer.layers[0] ?? null
    producer.consumers.add(this)
  }

  /** Layer that is sent or about to be; null while paused. */
  get layer(): Layer | null {
    return this.#target
  }

  /** Whether the layer is being sent to this receiver, is to be, or would be if it came. */
  needs(layer: Layer): boolean {
    return layer === this.#target || layer === this.#current || layer === this.missed
  }

  /** The page has taken the description: packets may go, pictures from the next key frame on. */
  start(): void {
    if (this.#running) return
    this.#running = true
    this.wantKeyFrame()
  }

  /** Chooses the layer, null to pause. A change waits for a key frame of the new layer. */
  aim(layer: Layer | null): void {
    if (layer === this.#target) return
    this.#target = layer
    if (layer === null) this.#current = null
    else if (layer !== this.#current) this.wantKeyFrame()
  }

  /** Not before the pipe is open: a picture that came earlier would delay the one that counts. */
  wantKeyFrame(): void {
    if (!this.#running || !this.pipe.ready || this.producer.kind !== 'video') return
    this.#target?.keyFrames.want()
  }

  deliver(layer: Layer, packet: MediaPacket, isKey: boolean): void {
    if (!this.#running || !this.pipe.ready) return
    if (layer !== this.#current || this.#spans[0]?.generation !== layer.generation) {
      if (layer !== this.#target) return
      if (!isKey) {
        // The page began a new stream: it cannot be decoded from its middle.
        if (layer === this.#current) layer.keyFrames.want()
        return
      }
      this.#begin(layer, packet)
    }
    const span = this.#spans[0] as Span
    // Older than the point where this layer began: the receiver's numbers belong to another one.
    if (this.#sinceSwitch < SETTLED && isNewer(span.first, (packet.seq + span.shift.seq) & 0xffff))
      return
    this.#send(packet, span)
  }

  #begin(layer: Layer, packet: MediaPacket): void {
    const shift = beginAt(this.#spans[0] ?? null, layer, packet, this.#last)
    const first = (packet.seq + shift.seq) & 0xffff
    this.#spans = [{ layer, generation: layer.generation, first, shift }, ...this.#spans]
    this.#spans.length = Math.min(this.#spans.length, SPANS)
    this.#current = layer
    this.#sinceSwitch = 0
  }

  #send(packet: MediaPacket, span: Span): void {
    address(packet, this.numbers, span.shift)
    if (!this.pipe.media(packet.bytes)) return
    noteSent(this.#last, packet, span.shift)
    this.#sinceSwitch += 1
    this.#packets += 1
    this.#octets += packet.bytes.length - PAYLOAD_AT
  }

  /** The receiver misses a packet; one lost on the way in is being asked for already. */
  retransmit(seq: number, now: number): void {
    if (!this.#running || !this.pipe.ready || isNewer(seq, this.#last.seq)) return
    const span = this.#spans.find((s) => !isNewer(s.first, seq))
    if (!span || span.generation !== span.layer.generation) return
    const packet = span.layer.ring.get((seq - span.shift.seq) & 0xffff, now)
    if (!packet || !this.#budget.take(now)) return
    address(packet, this.numbers, span.shift)
    const { payloadType, ssrc } = this.numbers.rtx
    this.pipe.media(
      payloadType ? toRtx(packet.bytes, { payloadType, ssrc, seq: this.#rtxSeq++ }) : packet.bytes,
    )
  }

  /** The publisher's clock with this receiver's timestamps and counts. */
  senderReport(layer: Layer, r: SenderReport): void {
    const span = this.#spans[0]
    if (!this.#running || span?.layer !== layer || span.generation !== layer.generation) return
    if (this.#current !== layer || !this.pipe.ready) return
    this.pipe.rtcp(
      writeSenderReport({
        ...r,
        ssrc: this.numbers.ssrc,
        rtpTime: (r.rtpTime + span.shift.timestamp) >>> 0,
        packets: this.#packets,
        octets: this.#octets,
      }),
    )
  }

  /** Idempotent. */
  close(): void {
    this.#running = false
    this.producer.leave(this)
  }
}

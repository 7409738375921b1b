import type { Layer } from '../producer/layer.ts'
import {
  type Addressing,
  address,
  type MediaPacket,
  PAYLOAD_AT,
  toPadding,
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
/** After so many packets a number cannot be older than the switch, only wrapped around. */
const SETTLED = 0x4000

/** Where a consumer's packets go. */
export interface ConsumerPipe {
  /** False while the connection is not up. */
  readonly ready: boolean
  /** An RTP packet in the engine's layout; takes its transport-wide number here. */
  media(packet: Buffer): boolean
  rtcp(packet: Buffer): void
  /** Whether the path has room for that many bytes of repair. */
  mayRepeat(bytes: number): boolean
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
  /** What is being sent; what went before it is history. */
  #span: Span | null = null
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
    private readonly now: () => number,
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
    this.begin()
  }

  /**
   * Begins with the last key frame if it is young enough, else with the next one: whoever joins asks
   * while the connection is still being made, and does not wait for the picture after that.
   */
  begin(): void {
    const layer = this.#target
    if (!layer || !this.#running || !this.pipe.ready || this.producer.kind !== 'video') return
    const [first] = this.#current ? [] : layer.sinceKeyFrame(this.now())
    // What came behind it follows by itself.
    if (first) this.deliver(layer, first, true)
    else this.wantKeyFrame()
  }

  /**
   * Chooses the layer, null to pause. A change waits for a key frame of the new layer; until then the
   * old one goes on, unless there is no room for it.
   */
  aim(layer: Layer | null, isUrgent = false): void {
    if (layer === this.#target) return
    this.#target = layer
    if (layer === null || isUrgent) this.#current = null
    if (layer === null) return
    if (layer !== this.#current) this.wantKeyFrame()
  }

  wantKeyFrame(): void {
    if (this.producer.kind === 'video') this.#target?.keyFrames.want()
  }

  deliver(layer: Layer, packet: MediaPacket, isKey: boolean): void {
    if (!this.#running || !this.pipe.ready) return
    const begins = layer !== this.#current || this.#span?.generation !== layer.generation
    if (begins) {
      if (layer !== this.#target) return
      if (!isKey) {
        // The page began a new stream: it cannot be decoded from its middle.
        if (layer === this.#current) layer.keyFrames.want()
        return
      }
      this.#begin(layer, packet)
    }
    const span = this.#span as Span
    // Older than the point where this layer began: the receiver's numbers belong to another one.
    if (this.#sinceSwitch < SETTLED && isNewer(span.first, (packet.seq + span.shift.seq) & 0xffff))
      return
    this.#send(packet, span)
    if (begins) for (const later of layer.after(packet.seq, this.now())) this.#send(later, span)
  }

  #begin(layer: Layer, packet: MediaPacket): void {
    const shift = beginAt(this.#span ?? null, layer, packet, this.#last)
    const first = (packet.seq + shift.seq) & 0xffff
    this.#span = { layer, generation: layer.generation, first, shift }
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
    // What went before a change of the layer is not needed: the new one began with a key frame.
    const span = this.#span
    if (!span || isNewer(span.first, seq) || span.generation !== span.layer.generation) return
    const packet = span.layer.ring.get((seq - span.shift.seq) & 0xffff, now)
    if (!packet || !this.pipe.mayRepeat(packet.bytes.length) || !this.#budget.take(now)) return
    address(packet, this.numbers, span.shift)
    const { payloadType, ssrc } = this.numbers.rtx
    this.pipe.media(
      payloadType ? toRtx(packet.bytes, { payloadType, ssrc, seq: this.#rtxSeq++ }) : packet.bytes,
    )
  }

  /** Whether padding can go with it: it needs the repair stream and the transport-wide numbers. */
  get canPad(): boolean {
    const { rtx, transportCcId } = this.numbers
    return this.#running && rtx.payloadType !== 0 && transportCcId !== 0
  }

  /** Sends one packet of padding. */
  pad(): boolean {
    const rtx = { ...this.numbers.rtx, seq: this.#rtxSeq++ }
    return this.pipe.media(toPadding(this.numbers, rtx, this.#last.timestamp))
  }

  /** The publisher's clock with this receiver's timestamps and counts. */
  senderReport(layer: Layer, r: SenderReport): void {
    const span = this.#span
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

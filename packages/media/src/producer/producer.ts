import { createHash } from 'node:crypto'
import type { Ear } from '../bridge/ear.ts'
import type { Consumer } from '../consumer/consumer.ts'
import type { SentTrack } from '../engine.ts'
import type { RtpHeader } from '../rtp/header.ts'
import type { SenderReport } from '../rtp/rtcp.ts'
import type { Codec, Kind } from '../sdp/offer.ts'
import { LayerDemand } from './demand.ts'
import { Layer, type LayerPacket } from './layer.ts'
import { audioLevel } from './layout.ts'

/** One track of a publisher: its layers, and who receives it. */
export class Producer {
  readonly consumers = new Set<Consumer>()
  /** Bridges that hear it. */
  readonly ears = new Set<Ear>()
  /** In the order of the page's description; one for sound and for a single encoding. */
  readonly layers: readonly Layer[]
  /** Names the peer in descriptions: sound and pictures of one stream are kept in step. */
  readonly stream: string
  readonly demand: LayerDemand

  readonly track: string
  readonly kind: Kind
  readonly mid: string
  readonly layering: NonNullable<SentTrack['layering']>

  constructor(
    readonly peer: string,
    sent: SentTrack,
    readonly codec: Codec,
    rids: readonly string[],
    private readonly audioLevelId: number,
    askKeyFrame: (layer: Layer) => void,
  ) {
    const { track, kind, mid, layering = 'size' } = sent
    this.track = track
    this.kind = kind
    this.mid = mid
    this.layering = layering
    const give = (layer: Layer, taken: LayerPacket) => this.#give(layer, taken)
    this.layers = (rids.length ? rids : ['']).map((rid) => new Layer(rid, codec, askKeyFrame, give))
    this.demand = new LayerDemand(kind === 'video' ? this.layers : [], this.consumers)
    // A peer's own name may hold anything, a description must not.
    this.stream = createHash('sha256').update(peer).digest('base64url').slice(0, 22)
  }

  layer(rid: string): Layer | undefined {
    return this.layers.find((l) => l.rid === rid)
  }

  /** Whether its packets tell how loud they are. */
  get hasLevels(): boolean {
    return this.audioLevelId !== 0
  }

  receive(layer: Layer, source: Buffer, h: RtpHeader, now: number, isRepair: boolean): void {
    const level = this.kind === 'audio' ? audioLevel(source, h, this.audioLevelId) : 0
    this.take(layer, source, h, level, now, isRepair)
  }

  /** The same with the level given (RFC 6464 byte; 0 for pictures). */
  take(
    layer: Layer,
    source: Buffer,
    h: RtpHeader,
    level: number,
    now: number,
    isRepair: boolean,
  ): void {
    const taken = layer.receive(source, h, level, now, isRepair)
    if (!taken) return
    // Layers of another pace are silent between their pictures.
    if (h.marker && this.layers.length > 1 && this.layering === 'size') this.#picture(layer, now)
    if (this.ears.size > 0) for (const ear of this.ears) ear.take(this, taken.packet)
    if (this.consumers.size === 0) return
    // Sound is put in order where it is played, and is not to wait.
    if (this.kind === 'audio') this.#give(layer, taken)
    else layer.order.push(taken, now, layer.gaps.tolerance)
  }

  #give(layer: Layer, { packet, isKey }: LayerPacket): void {
    layer.ring.put(packet)
    for (const consumer of this.consumers) consumer.deliver(layer, packet, isKey)
  }

  /** What was late enough is not waited for any more. */
  tick(now: number): void {
    for (const layer of this.layers) layer.order.due(now)
  }

  #picture(layer: Layer, now: number): void {
    for (const other of this.layers)
      if (other === layer) other.liveness.picture()
      else other.liveness.outrun(now, other.height > layer.height)
  }

  /** Lip sync: receivers get the publisher's clock with their own counts. */
  senderReport(layer: Layer, report: SenderReport, now: number): void {
    layer.senderReport(report, now)
    for (const consumer of this.consumers) consumer.senderReport(layer, report)
  }

  /** Nobody receives it any more: nothing is kept for repair. */
  leave(consumer: Consumer): void {
    this.consumers.delete(consumer)
    if (this.consumers.size === 0) for (const layer of this.layers) layer.rest()
  }

  close(): void {
    for (const consumer of [...this.consumers]) consumer.close()
    this.ears.clear()
  }
}

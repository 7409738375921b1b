import { EngineError, type SentTrack } from '../engine.ts'
import { emptyHeader, extensionLength, findExtension, isRtcp, parseRtp } from '../rtp/header.ts'
import { type RtcpListener, readRtcp } from '../rtp/rtcp.ts'
import { type Offer, type OfferedLine, readOffer } from '../sdp/offer.ts'
import { writeDescription } from '../sdp/write.ts'
import type { MediaTransport, TransportFactory } from '../transport/port.ts'
import { ArrivalLog } from './arrivals.ts'
import { Bindings } from './bindings.ts'
import { Feedback } from './feedback.ts'
import type { Layer } from './layer.ts'
import { fromRtx } from './layout.ts'
import { Producer } from './producer.ts'

const MAX_TRACKS = 20

export interface PublisherEvents {
  /** A producer began or ended. */
  changed(): void
  /** Encodings of a track that are needed from now on. */
  layers(track: string, rids: string[]): void
  lost(): void
}

/** The sending connection of one peer: binds packets to tracks and talks back to the page. */
export class Publisher {
  readonly producers = new Map<string, Producer>()
  readonly #byMid = new Map<string, Producer>()
  #transport: MediaTransport | null = null
  #ufrag = ''
  #fingerprint = ''
  #version = 0
  #lines: readonly OfferedLine[] = []
  #bindings = new Bindings()
  #arrivals = new ArrivalLog()
  #transportCcId = 0
  readonly #feedback = new Feedback()
  readonly #header = emptyHeader()
  readonly #repaired = emptyHeader()

  constructor(
    readonly peer: string,
    private readonly factory: TransportFactory,
    private readonly now: () => number,
    private readonly events: PublisherEvents,
  ) {}

  publish(sdp: string, tracks: readonly SentTrack[]): string {
    if (tracks.length > MAX_TRACKS) throw new EngineError('limit', `More than ${MAX_TRACKS} tracks`)
    const offer = readOffer(sdp)
    // Everything that can be refused is refused before anything changes.
    const bound = tracks.map((t) => ({ track: t, line: usableLine(offer, t) }))
    if (new Set(tracks.map((t) => t.track)).size !== tracks.length)
      throw new EngineError('sdp', 'Two tracks share a name')
    if (new Set(tracks.map((t) => t.mid)).size !== tracks.length)
      throw new EngineError('sdp', 'Two tracks share an m-line')
    const { state } = this.#transport ?? { state: 'closed' }
    if (state === 'closed' || offer.remote.ufrag !== this.#ufrag) this.#connect(offer)
    this.#lines = offer.lines
    this.#bindings.learn(offer.lines)
    this.#transportCcId =
      offer.lines.find((l) => !l.rejected && l.extensions.transportCc)?.extensions.transportCc ?? 0
    this.#bind(bound)
    this.#version += 1
    return this.#answer()
  }

  #connect(offer: Offer): void {
    const next = this.factory.create(offer.remote)
    this.#transport?.close()
    this.#transport = next
    this.#ufrag = offer.remote.ufrag
    this.#arrivals = new ArrivalLog()
    // Only another certificate is another connection: after a restart of ICE the page does not name
    // streams again that we have acknowledged.
    if (offer.remote.fingerprint !== this.#fingerprint) this.#bindings = new Bindings()
    this.#fingerprint = offer.remote.fingerprint
    // A page that built its connection anew sends everything again.
    for (const { demand } of this.producers.values()) demand.forget()
    next.onPacket = (packet) => this.#receive(packet)
    next.onState = (state) => {
      if (state === 'closed' && this.#transport === next) this.events.lost()
    }
  }

  /** Keeps producers whose line stayed as it was, ends the others, begins new ones. */
  #bind(bound: readonly { track: SentTrack; line: OfferedLine }[]): void {
    const wanted = new Map(bound.map((b) => [b.track.track, b]))
    for (const [name, producer] of this.producers) {
      const b = wanted.get(name)
      if (!b || !isSame(producer, b.line)) this.#end(name)
    }
    for (const [name, { track, line }] of wanted) {
      const codec = line.codecs[0]
      if (this.producers.has(name) || !codec) continue
      const id = line.extensions.audioLevel
      const ask = (layer: Layer) => this.#askKeyFrame(layer)
      const producer = new Producer(this.peer, track, codec, line.rids, id, ask)
      this.producers.set(name, producer)
      this.#byMid.set(track.mid, producer)
    }
    this.events.changed()
  }

  #answer(): string {
    const transport = this.#transport as MediaTransport
    return writeDescription({
      type: 'answer',
      version: this.#version,
      local: transport.local,
      candidates: this.factory.candidates,
      lines: this.#lines.map((line) => ({
        mid: line.mid,
        kind: line.kind,
        codec: line.rejected ? null : (line.codecs[0] ?? null),
        extensions: line.extensions,
        rids: line.rids,
        direction:
          this.#byMid.has(line.mid) && line.direction.startsWith('send') ? 'recvonly' : 'inactive',
      })),
    })
  }

  unpublish(tracks: readonly string[]): void {
    for (const name of tracks) this.#end(name)
    this.events.changed()
  }

  #end(name: string): void {
    const producer = this.producers.get(name)
    if (!producer) return
    this.producers.delete(name)
    this.#byMid.delete(producer.mid)
    producer.close()
  }

  #receive(packet: Buffer): void {
    const now = this.now()
    if (packet.length >= 8 && isRtcp(packet)) {
      readRtcp(packet, this.#rtcp)
      return
    }
    const h = this.#header
    if (!parseRtp(packet, h)) return
    const cc = findExtension(packet, h, this.#transportCcId)
    if (cc && extensionLength(packet, h, cc) === 2)
      this.#arrivals.note(packet.readUInt16BE(cc), now * 1000)
    // Packets may precede the answer: unknown ones are dropped quietly until their mid is known.
    const binding = this.#bindings.get(h.ssrc) ?? this.#bindings.bind(packet, h)
    const producer = binding && this.#byMid.get(binding.mid)
    const layer = producer?.layer(binding?.rid ?? '')
    if (!producer || !layer) return
    const { codec } = producer
    if (!binding?.repair) {
      if (h.payloadType !== codec.payloadType) return
      producer.receive(layer, packet, h, now, false)
      // What nobody watches is not repaired.
      if (layer.gaps.waiting && producer.consumers.size > 0 && this.#transport)
        this.#feedback.nack(this.#transport, layer, now)
    } else if (h.payloadType === codec.rtx && layer.ssrc !== 0) {
      const original = fromRtx(packet, h, { payloadType: codec.payloadType, ssrc: layer.ssrc })
      if (original && parseRtp(original, this.#repaired))
        producer.receive(layer, original, this.#repaired, now, true)
    }
  }

  readonly #rtcp: RtcpListener = {
    senderReport: (r) => {
      const binding = this.#bindings.get(r.ssrc)
      const producer = binding && this.#byMid.get(binding.mid)
      const layer = producer?.layers.find((l) => l.ssrc === r.ssrc)
      if (producer && layer) producer.senderReport(layer, r, this.now())
    },
  }

  #askKeyFrame(layer: Layer): void {
    if (this.#transport?.state !== 'connected') return
    this.#feedback.askKeyFrame(this.#transport, layer, this.now())
  }

  /** Called every few milliseconds by the engine. */
  tick(now: number): void {
    if (this.#transport?.state !== 'connected') return
    for (const producer of this.producers.values()) {
      producer.tick(now)
      const rids = producer.demand.change(now)
      if (rids) this.events.layers(producer.track, rids)
    }
    this.#feedback.tick(this.#transport, this.producers, this.#arrivals, now)
  }

  close(): void {
    for (const name of [...this.producers.keys()]) this.#end(name)
    this.#transport?.close()
    this.#transport = null
  }
}

const usableLine = (offer: Offer, t: SentTrack): OfferedLine => {
  const line = offer.lines.find((l) => l.mid === t.mid && l.kind === t.kind && !l.rejected)
  if (!line?.codecs[0])
    throw new EngineError('sdp', `Track ${t.track} has no usable m-line ${t.mid}`)
  return line
}

const isSame = (producer: Producer, line: OfferedLine): boolean => {
  const codec = line.codecs[0]
  return (
    producer.mid === line.mid &&
    producer.codec.name === codec?.name &&
    producer.codec.payloadType === codec.payloadType &&
    (line.rids.length ? line.rids : ['']).join() === producer.layers.map((l) => l.rid).join()
  )
}

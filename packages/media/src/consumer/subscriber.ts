import type { DeliveredTrack } from '../engine.ts'
import { EngineError } from '../engine.ts'
import type { Producer } from '../producer/producer.ts'
import { isRtcp } from '../rtp/header.ts'
import { type RtcpListener, readRtcp } from '../rtp/rtcp.ts'
import { type Kind, type Offer, readOffer } from '../sdp/offer.ts'
import { writeDescription } from '../sdp/write.ts'
import type { MediaTransport, TransportFactory } from '../transport/port.ts'
import { Consumer } from './consumer.ts'
import { Downlink } from './downlink.ts'
import { type ReceiveProfile, type Slot, slotLine, takeSlot } from './slots.ts'

const SHARE_MS = 100
/** m-lines of one connection; beyond it a wish waits until a line becomes free. */
const MAX_SLOTS = 400

export interface SubscriberEvents {
  offer(sdp: string, version: number, tracks: DeliveredTrack[]): void
  lost(): void
}

/** A producer that a peer is to get; `height` is 0 for sound. */
export interface Delivery {
  readonly producer: Producer
  readonly height: number
}

/** The receiving connection of one peer: which producers it gets, on which m-lines. */
export class Subscriber {
  readonly #slots: Slot[] = []
  readonly #bySsrc = new Map<number, Consumer>()
  #profiles: Record<Kind, ReceiveProfile> | null = null
  readonly #downlink: Downlink
  #ufrag = ''
  #version = 0
  /** Version that the page has not answered yet, or 0. */
  #outstanding = 0
  #dirty = false
  /** Consumers of the outstanding offer; they start when the page has answered. */
  #offered: Consumer[] = []
  #nextShare = 0

  constructor(
    private readonly factory: TransportFactory,
    private readonly now: () => number,
    private readonly newSsrc: () => number,
    private readonly events: SubscriberEvents,
  ) {
    this.#downlink = new Downlink(now)
  }

  /** First offer of the page, one with new ICE credentials, or one of a connection built anew. */
  receive(sdp: string): { answer: string; version: number } {
    const offer = readOffer(sdp)
    const profiles = { audio: profileOf(offer, 'audio'), video: profileOf(offer, 'video') }
    const { state } = this.#downlink.transport ?? { state: 'closed' }
    if (state === 'closed' || offer.remote.ufrag !== this.#ufrag) this.#connect(offer)
    const isRestart =
      this.#profiles !== null &&
      hasSameNumbers(profiles.audio, this.#profiles.audio) &&
      hasSameNumbers(profiles.video, this.#profiles.video) &&
      offer.lines.length === this.#slots.length &&
      offer.lines.every((l, i) => this.#slots[i]?.mid === l.mid && this.#slots[i]?.kind === l.kind)
    if (!isRestart) {
      this.#profiles = profiles
      this.#startOver(offer)
    }
    this.#outstanding = 0
    this.#version += 1
    for (const { consumer } of this.#slots) consumer?.start()
    // Whoever answers an offer does not learn of the tracks in it: they are told by the next offer.
    this.#dirty = this.#slots.some((s) => s.consumer)
    return { answer: this.#describe('answer'), version: this.#version }
  }

  #connect(offer: Offer): void {
    const next = this.factory.create(offer.remote)
    this.#downlink.attach(next)
    this.#ufrag = offer.remote.ufrag
    next.onPacket = (packet) => {
      if (packet.length >= 8 && isRtcp(packet)) readRtcp(packet, this.#rtcp)
    }
    next.onState = (state) => {
      if (this.#downlink.transport !== next) return
      if (state === 'closed') this.events.lost()
      // Pictures that began before the keys were there are lost.
      else for (const s of this.#slots) s.consumer?.begin()
    }
  }

  /** The page built its connection anew: its lines replace ours, all is offered again. */
  #startOver(offer: Offer): void {
    for (const slot of this.#slots) this.#empty(slot)
    this.#slots.length = 0
    for (const { mid, kind } of offer.lines)
      this.#slots.push({ mid, kind, consumer: null, height: 0 })
  }

  /** Exactly these producers from now on. */
  deliver(deliveries: readonly Delivery[]): void {
    if (!this.#profiles) return
    const wanted = new Map(
      deliveries.filter((d) => this.#canTake(d.producer)).map((d) => [d.producer, d.height]),
    )
    for (const slot of this.#slots) {
      if (!slot.consumer) continue
      const height = wanted.get(slot.consumer.producer)
      if (height === undefined) this.#empty(slot)
      else slot.height = height
      if (slot.consumer) wanted.delete(slot.consumer.producer)
    }
    const added = [...wanted].map(([producer, height]) => this.#fill(producer, height))
    // Before the page is told: the first key frame asked for is then the right one.
    this.#downlink.share(this.#slots, this.now())
    for (const consumer of added) consumer?.wantKeyFrame()
    this.#flush()
  }

  #canTake(p: Producer): boolean {
    return this.#profiles?.[p.kind].codecs.some((c) => c.name === p.codec.name) ?? false
  }

  #fill(producer: Producer, height: number): Consumer | null {
    const profile = this.#profiles?.[producer.kind]
    const codec = profile?.codecs.find((c) => c.name === producer.codec.name)
    if (!profile || !codec || this.#bySsrc.size >= MAX_SLOTS) return null
    const slot = takeSlot(this.#slots, producer.kind)
    const ssrc = this.newSsrc()
    slot.height = height
    const numbers = {
      payloadType: codec.payloadType,
      ssrc,
      audioLevelId: producer.kind === 'audio' ? profile.extensions.audioLevel : 0,
      transportCcId: profile.extensions.transportCc,
      rtx: { payloadType: codec.rtx, ssrc: this.newSsrc() },
      firstSeq: ssrc & 0x3fff,
    }
    slot.consumer = new Consumer(producer, this.#downlink, numbers, this.now)
    this.#bySsrc.set(ssrc, slot.consumer)
    this.#dirty = true
    return slot.consumer
  }

  #empty(slot: Slot): void {
    if (!slot.consumer) return
    this.#bySsrc.delete(slot.consumer.numbers.ssrc)
    slot.consumer.close()
    slot.consumer = null
    slot.height = 0
    this.#dirty = true
  }

  /** One offer at a time; what changes meanwhile goes into the next one. */
  #flush(): void {
    if (!this.#dirty || this.#outstanding || !this.#downlink.transport) return
    this.#dirty = false
    this.#version += 1
    this.#outstanding = this.#version
    this.#offered = this.#slots.flatMap((s) => s.consumer ?? [])
    this.events.offer(this.#describe('offer'), this.#version, this.#tracks())
  }

  answer(version: number, sdp: string): void {
    if (version !== this.#outstanding) return
    readOffer(sdp) // an answer that cannot be read is refused before anything changes
    this.#outstanding = 0
    const live = new Set(this.#slots.map((s) => s.consumer))
    for (const consumer of this.#offered) if (live.has(consumer)) consumer.start()
    this.#offered = []
    this.#flush()
  }

  #describe(type: 'offer' | 'answer'): string {
    const profiles = this.#profiles as Record<Kind, ReceiveProfile>
    return writeDescription({
      type,
      version: this.#version,
      local: (this.#downlink.transport as MediaTransport).local,
      candidates: this.factory.candidates,
      lines: this.#slots.map((slot) => slotLine(slot, profiles[slot.kind])),
    })
  }

  #tracks(): DeliveredTrack[] {
    return this.#slots.flatMap(({ mid, kind, consumer }) =>
      consumer ? [{ mid, kind, from: consumer.producer.peer, track: consumer.producer.track }] : [],
    )
  }

  readonly #rtcp: RtcpListener = {
    nack: (ssrc, seq) => this.#bySsrc.get(ssrc)?.retransmit(seq, this.now()),
    keyFrame: (ssrc) => this.#bySsrc.get(ssrc)?.wantKeyFrame(),
    bitrate: (bitsPerSecond) => {
      if (!this.#profiles?.video.extensions.transportCc) this.#downlink.told(bitsPerSecond)
    },
    transportFeedback: (b, from, end) => this.#downlink.feedback(b, from, end),
  }

  tick(now: number): void {
    if (now < this.#nextShare && !this.#downlink.isCongested) return
    this.#nextShare = now + SHARE_MS
    this.#downlink.share(this.#slots, now)
  }

  close(): void {
    for (const slot of this.#slots) this.#empty(slot)
    this.#downlink.close()
  }
}

const profileOf = (offer: Offer, kind: Kind): ReceiveProfile => {
  const line = offer.lines.find((l) => l.kind === kind && !l.rejected)
  if (!line?.codecs.length) throw new EngineError('sdp', `The page offers to receive no ${kind}`)
  return { codecs: line.codecs, extensions: line.extensions }
}

/** Whether what is being sent already stays right: a later offer may name less than the first. */
const hasSameNumbers = (now: ReceiveProfile, before: ReceiveProfile): boolean =>
  now.extensions.transportCc === before.extensions.transportCc &&
  now.extensions.audioLevel === before.extensions.audioLevel &&
  now.codecs.every((c) =>
    before.codecs.some((b) => b.name === c.name && b.payloadType === c.payloadType),
  )

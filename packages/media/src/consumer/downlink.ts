import { allocate, type Demand, preferred } from '../congestion/allocator.ts'
import { DownlinkEstimator } from '../congestion/estimator.ts'
import { Prober } from '../congestion/prober.ts'
import { SendLog } from '../congestion/send-log.ts'
import { PADDING_BYTES, writeTransportSeq } from '../producer/layout.ts'
import type { MediaTransport } from '../transport/port.ts'
import type { Consumer, ConsumerPipe } from './consumer.ts'
import type { Slot } from './slots.ts'

/** One sound, as reserved before any picture. */
const AUDIO_RATE = 40_000

/** What is asked of a path beyond what is wanted: a change for the better must leave room. */
const PROBE_MARGIN = 1.4

/** Repair takes at most this part of the path: inside a bottleneck it would only feed it. */
const REPAIR_SHARE = 0.25
const REPAIR_BURST_MS = 400

/** A subscriber's connection as its consumers see it: numbered packets, and what the path can take. */
export class Downlink implements ConsumerPipe {
  #transport: MediaTransport | null = null
  #log = new SendLog()
  #estimator = new DownlinkEstimator()
  #prober = this.#newProber()
  #slots: readonly Slot[] = []
  /** Bytes of repair that may go now, and since when that holds. */
  #repair = 0
  #repairAt = 0
  #wanted = 0

  constructor(private readonly now: () => number) {}

  /** Goes on over another transport: nothing measured on the old one holds. */
  attach(transport: MediaTransport): void {
    this.#transport?.close()
    this.#transport = transport
    this.#log = new SendLog()
    this.#estimator = new DownlinkEstimator()
    this.#prober = this.#newProber()
  }

  #newProber(): Prober {
    return new Prober(
      () => this.#log.next,
      (packets) => this.#pad(packets),
      PADDING_BYTES,
    )
  }

  /** Padding goes where repaired packets go: receivers take it for a repair of nothing. */
  #pad(packets: number): number {
    const carrier = this.#slots.find((s) => s.consumer?.canPad)?.consumer
    let sent = 0
    while (carrier && sent < packets && carrier.pad()) sent += 1
    return sent
  }

  get transport(): MediaTransport | null {
    return this.#transport
  }

  get ready(): boolean {
    return this.#transport?.state === 'connected'
  }

  /** Pictures have to be shared out anew at once. */
  get isCongested(): boolean {
    return this.#estimator.isCongested
  }

  media(packet: Buffer): boolean {
    writeTransportSeq(packet, this.#log.next)
    if (!this.#transport?.send(packet)) return false
    this.#log.sent(packet.length, this.now())
    return true
  }

  rtcp(packet: Buffer): void {
    this.#transport?.send(packet)
  }

  mayRepeat(bytes: number): boolean {
    const now = this.now()
    const perMs = (this.#estimator.estimate * REPAIR_SHARE) / 8000
    this.#repair = Math.min(perMs * REPAIR_BURST_MS, this.#repair + (now - this.#repairAt) * perMs)
    this.#repairAt = now
    if (this.#repair < bytes) return false
    this.#repair -= bytes
    return true
  }

  feedback(b: Buffer, from: number, end: number): void {
    const acknowledged = this.#log.acknowledge(b, from, end, this.now(), (seq, at, bytes) =>
      this.#prober.arrived(seq, at, bytes),
    )
    if (acknowledged) this.#estimator.feedback(acknowledged, this.now(), this.#wanted)
  }

  told(bitsPerSecond: number): void {
    this.#estimator.told(bitsPerSecond)
  }

  /** Chooses the layer of every picture. Pictures pause before sound does. */
  share(slots: readonly Slot[], now: number): void {
    this.#slots = slots
    const videos = slots.flatMap(({ kind, consumer, height }) =>
      kind === 'video' && consumer ? [{ consumer, height }] : [],
    )
    const sounds = slots.filter((s) => s.kind === 'audio' && s.consumer).length
    const demands = videos.map((v) => demandOf(v.consumer, v.height, now))
    const top = demands.map((d) => d.layers[preferred(d)]?.rate ?? 0)
    this.#wanted = sounds * AUDIO_RATE + top.reduce((sum, rate) => sum + rate, 0)
    this.#probe(now)
    const chosen = allocate(demands, this.#estimator.estimate - sounds * AUDIO_RATE)
    videos.forEach(({ consumer }, i) => {
      const { layers } = consumer.producer
      const liked = layers[preferred(demands[i] as Demand)]
      consumer.missed = liked && !liked.liveness.isAvailable(now) ? liked : null
      consumer.aim(layers[chosen[i] as number] ?? null, this.isCongested)
    })
  }

  /** Is there room for what is wanted? Only asked where there was none before. */
  #probe(now: number): void {
    this.#estimator.settle(now)
    const { estimate } = this.#estimator
    const rate = this.#prober.result(estimate, now)
    if (rate !== null) this.#estimator.probed(rate)
    if (!this.ready || !this.#estimator.isLimited) return
    const wanted = this.#wanted * PROBE_MARGIN
    if (wanted > estimate && !this.#prober.run(estimate, wanted, now)) this.#estimator.trust()
  }

  close(): void {
    this.#transport?.close()
    this.#transport = null
  }
}

const demandOf = (consumer: Consumer, wishedHeight: number, now: number): Demand => {
  const { layers } = consumer.producer
  return {
    wishedHeight,
    layers: layers.map((l) => ({
      height: l.height,
      rate: l.rate,
      active: l.liveness.isAvailable(now),
    })),
    isOneSize: consumer.producer.layering === 'pace',
    chosen: consumer.layer ? layers.indexOf(consumer.layer) : -1,
  }
}

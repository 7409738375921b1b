import { allocate, type Demand, preferred } from '../congestion/allocator.ts'
import { DownlinkEstimator } from '../congestion/estimator.ts'
import { SendLog } from '../congestion/send-log.ts'
import { writeTransportSeq } from '../producer/layout.ts'
import type { MediaTransport } from '../transport/port.ts'
import type { Consumer, ConsumerPipe } from './consumer.ts'
import type { Slot } from './slots.ts'

/** One sound, as reserved before any picture. */
const AUDIO_RATE = 40_000

/** A subscriber's connection as its consumers see it: numbered packets, and what the path can take. */
export class Downlink implements ConsumerPipe {
  #transport: MediaTransport | null = null
  #log = new SendLog()
  #estimator = new DownlinkEstimator()
  #wanted = 0

  constructor(private readonly now: () => number) {}

  /** Goes on over another transport: nothing measured on the old one holds. */
  attach(transport: MediaTransport): void {
    this.#transport?.close()
    this.#transport = transport
    this.#log = new SendLog()
    this.#estimator = new DownlinkEstimator()
  }

  get transport(): MediaTransport | null {
    return this.#transport
  }

  get ready(): boolean {
    return this.#transport?.state === 'connected'
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

  feedback(b: Buffer, from: number, end: number): void {
    const acknowledged = this.#log.acknowledge(b, from, end)
    if (acknowledged) this.#estimator.feedback(acknowledged, this.now(), this.#wanted)
  }

  told(bitsPerSecond: number): void {
    this.#estimator.told(bitsPerSecond)
  }

  /** Chooses the layer of every picture. Pictures pause before sound does. */
  share(slots: readonly Slot[], now: number): void {
    const videos = slots.flatMap(({ kind, consumer, height }) =>
      kind === 'video' && consumer ? [{ consumer, height }] : [],
    )
    const sounds = slots.filter((s) => s.kind === 'audio' && s.consumer).length
    const demands = videos.map((v) => demandOf(v.consumer, v.height, now))
    const top = demands.map((d) => d.layers[preferred(d)]?.rate ?? 0)
    this.#wanted = sounds * AUDIO_RATE + top.reduce((sum, rate) => sum + rate, 0)
    const chosen = allocate(demands, this.#estimator.estimate - sounds * AUDIO_RATE)
    videos.forEach(({ consumer }, i) => {
      const { layers } = consumer.producer
      const liked = layers[preferred(demands[i] as Demand)]
      consumer.missed = liked && !liked.isAvailable(now) ? liked : null
      consumer.aim(layers[chosen[i] as number] ?? null)
    })
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
    layers: layers.map((l) => ({ height: l.height, rate: l.rate, active: l.isAvailable(now) })),
    chosen: consumer.layer ? layers.indexOf(consumer.layer) : -1,
  }
}

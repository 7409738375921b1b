import { type Delivery, Subscriber } from './consumer/subscriber.ts'
import type { DeliveredTrack, PeerName, SentTrack, Side, Wish } from './engine.ts'
import { EngineError } from './engine.ts'
import { Publisher } from './producer/publisher.ts'
import type { TransportFactory } from './transport/port.ts'

/** 64 cameras, a screen, and shared media. */
const MAX_WISHES = 66

/** What a room needs from its engine. */
export interface RouterPorts {
  readonly factory: TransportFactory
  now(): number
  newSsrc(): number
  offer(data: PeerName & { sdp: string; version: number; tracks: DeliveredTrack[] }): void
  layers(data: PeerName & { track: string; rids: string[] }): void
  lost(data: PeerName & { side: Side }): void
}

interface Peer {
  pub: Publisher | null
  sub: Subscriber | null
  wishes: readonly Wish[]
  /** Peers whose sound it gets; null for everybody's. */
  hears: ReadonlySet<string> | null
}

/** One room: who sends what, who gets what. */
export class Router {
  readonly #peers = new Map<string, Peer>()

  constructor(
    readonly room: string,
    private readonly ports: RouterPorts,
  ) {}

  get size(): number {
    return this.#peers.size
  }

  #peer(name: string): Peer {
    let peer = this.#peers.get(name)
    if (!peer) {
      peer = { pub: null, sub: null, wishes: [], hears: null }
      this.#peers.set(name, peer)
    }
    return peer
  }

  publish(name: string, offer: string, tracks: readonly SentTrack[]): string {
    const peer = this.#peer(name)
    peer.pub ??= new Publisher(name, this.ports.factory, this.ports.now, {
      changed: () => this.#route(),
      layers: (track, rids) => this.ports.layers({ room: this.room, peer: name, track, rids }),
      lost: () => this.ports.lost({ room: this.room, peer: name, side: 'pub' }),
    })
    return peer.pub.publish(offer, tracks)
  }

  receive(name: string, offer: string): { answer: string; version: number } {
    const peer = this.#peer(name)
    peer.sub ??= new Subscriber(this.ports.factory, this.ports.now, this.ports.newSsrc, {
      offer: (sdp, version, tracks) =>
        this.ports.offer({ room: this.room, peer: name, sdp, version, tracks }),
      lost: () => this.ports.lost({ room: this.room, peer: name, side: 'sub' }),
    })
    const answered = peer.sub.receive(offer)
    // The answer must reach the page before the first offer of ours.
    setImmediate(() => this.#deliver(name, peer))
    return answered
  }

  answer(name: string, sdp: string, version: number): void {
    this.#existing(name).sub?.answer(version, sdp)
  }

  watch(name: string, wishes: readonly Wish[], hears?: readonly string[]): void {
    if (wishes.length > MAX_WISHES) throw new EngineError('limit', `More than ${MAX_WISHES} wishes`)
    const peer = this.#peer(name)
    peer.wishes = wishes
    peer.hears = hears ? new Set(hears) : null
    this.#deliver(name, peer)
  }

  unpublish(name: string, tracks: readonly string[]): void {
    this.#peers.get(name)?.pub?.unpublish(tracks)
  }

  #existing(name: string): Peer {
    const peer = this.#peers.get(name)
    if (!peer) throw new EngineError('peer', `No peer ${name} in room ${this.room}`)
    return peer
  }

  #route(): void {
    for (const [name, peer] of this.#peers) this.#deliver(name, peer)
  }

  /** Sound of everybody else (or of those it hears) by itself, pictures on wish: nobody receives what nobody watches. */
  #deliver(name: string, peer: Peer): void {
    if (!peer.sub || this.#peers.get(name) !== peer) return
    const deliveries: Delivery[] = []
    for (const [other, { pub }] of this.#peers) {
      if (other === name || !pub || peer.hears?.has(other) === false) continue
      for (const producer of pub.producers.values())
        if (producer.kind === 'audio') deliveries.push({ producer, height: 0 })
    }
    for (const wish of peer.wishes) {
      const producer = this.#peers.get(wish.from)?.pub?.producers.get(wish.track)
      if (producer?.kind === 'video' && wish.from !== name)
        deliveries.push({ producer, height: wish.height })
    }
    peer.sub.deliver(deliveries)
  }

  tick(now: number): void {
    for (const { pub, sub } of this.#peers.values()) {
      pub?.tick(now)
      sub?.tick(now)
    }
  }

  closePeer(name: string): void {
    const peer = this.#peers.get(name)
    if (!peer) return
    this.#peers.delete(name)
    peer.sub?.close()
    peer.pub?.close()
    if (peer.pub) this.#route()
  }

  close(): void {
    const peers = [...this.#peers.values()]
    this.#peers.clear()
    for (const { pub, sub } of peers) {
      sub?.close()
      pub?.close()
    }
  }
}

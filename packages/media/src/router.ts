import { Bridge, type BridgeRole } from './bridge/bridge.ts'
import { type Delivery, Subscriber } from './consumer/subscriber.ts'
import type {
  BridgedPacket,
  BridgePacket,
  DeliveredTrack,
  PeerName,
  SentTrack,
  Side,
  Wish,
} from './engine.ts'
import { EngineError } from './engine.ts'
import type { Producer } from './producer/producer.ts'
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
  bridged(data: PeerName & { packets: readonly BridgedPacket[] }): void
}

interface Peer {
  pub: Publisher | null
  sub: Subscriber | null
  bridge: Bridge | null
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

  /** Peer that has connections or may get them. */
  #page(name: string): Peer {
    const peer = this.#peer(name)
    if (peer.bridge) throw new EngineError('peer', `Peer ${name} is a bridge`)
    return peer
  }

  #peer(name: string): Peer {
    let peer = this.#peers.get(name)
    if (!peer) {
      peer = { pub: null, sub: null, bridge: null, wishes: [], hears: null }
      this.#peers.set(name, peer)
    }
    return peer
  }

  publish(name: string, offer: string, tracks: readonly SentTrack[]): string {
    const peer = this.#page(name)
    peer.pub ??= new Publisher(name, this.ports.factory, this.ports.now, {
      changed: () => this.#route(),
      layers: (track, rids) => this.ports.layers({ room: this.room, peer: name, track, rids }),
      lost: () => this.ports.lost({ room: this.room, peer: name, side: 'pub' }),
    })
    return peer.pub.publish(offer, tracks)
  }

  receive(name: string, offer: string): { answer: string; version: number } {
    const peer = this.#page(name)
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
    const peer = this.#peers.get(name)
    peer?.pub?.unpublish(tracks)
    if (!peer?.bridge) return
    peer.bridge.unpublish(tracks)
    this.#route()
  }

  openBridge(name: string, role: BridgeRole): void {
    const peer = this.#peer(name)
    if (peer.pub || peer.sub) throw new EngineError('peer', `Peer ${name} has a connection`)
    peer.bridge ??= new Bridge(name, this.ports.newSsrc, (packets) =>
      this.ports.bridged({ room: this.room, peer: name, packets }),
    )
    peer.bridge.open(role)
    this.#route()
  }

  sendBridge(name: string, packet: BridgePacket): void {
    this.#peers.get(name)?.bridge?.send(packet, this.ports.now())
  }

  #existing(name: string): Peer {
    const peer = this.#peers.get(name)
    if (!peer) throw new EngineError('peer', `No peer ${name} in room ${this.room}`)
    return peer
  }

  #route(): void {
    for (const [name, peer] of this.#peers) this.#deliver(name, peer)
  }

  /** What a peer hears by itself: everybody else, or those it names. */
  *#sounds(name: string, { hears, bridge }: Peer): Generator<Producer> {
    for (const [other, { pub, bridge: spoken }] of this.#peers) {
      if (other === name || hears?.has(other) === false) continue
      const producers = bridge ? pub?.producers : (pub ?? spoken)?.producers
      for (const producer of producers?.values() ?? [])
        if (producer.kind === 'audio') yield producer
    }
  }

  /** Sound by itself, pictures on wish: nobody receives what nobody watches. */
  #deliver(name: string, peer: Peer): void {
    if (this.#peers.get(name) !== peer) return
    peer.bridge?.ear?.hear(new Set(this.#sounds(name, peer)))
    if (!peer.sub) return
    const deliveries: Delivery[] = []
    for (const producer of this.#sounds(name, peer)) deliveries.push({ producer, height: 0 })
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
    peer.bridge?.close()
    if (peer.pub || peer.bridge) this.#route()
  }

  close(): void {
    const peers = [...this.#peers.values()]
    this.#peers.clear()
    for (const { pub, sub, bridge } of peers) {
      sub?.close()
      pub?.close()
      bridge?.close()
    }
  }
}

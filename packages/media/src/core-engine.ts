import { randomInt } from 'node:crypto'
import { EngineEmitter } from './emitter.ts'
import {
  EngineError,
  type EngineEvents,
  type EngineOptions,
  type MediaEngine,
  type PeerName,
} from './engine.ts'
import { Router } from './router.ts'
import { countedFactory, type EngineFigures } from './transport/counted.ts'
import { createNativeFactory } from './transport/native.ts'
import type { TransportFactory } from './transport/port.ts'
import { openRelayedPort } from './transport/relayed-port.ts'

const TICK_MS = 20

/** The engine in this process. The server runs it in a child process, see `process-engine.ts`. */
export class CoreEngine implements MediaEngine {
  readonly #rooms = new Map<string, Router>()
  readonly #emitter = new EngineEmitter<EngineEvents>()
  readonly #log: NonNullable<EngineOptions['log']>
  readonly #timer: NodeJS.Timeout
  #closed = false

  constructor(
    private readonly factory: TransportFactory,
    options: Pick<EngineOptions, 'log'> = {},
    private readonly now: () => number = () => performance.now(),
  ) {
    this.#log = options.log ?? (() => {})
    this.#timer = setInterval(() => this.tick(), TICK_MS)
  }

  tick(): void {
    const now = this.now()
    for (const room of this.#rooms.values()) room.tick(now)
  }

  #room(name: string): Router {
    if (this.#closed) throw new EngineError('closed', 'The engine is closed')
    let room = this.#rooms.get(name)
    if (!room) {
      room = new Router(name, {
        factory: this.factory,
        now: this.now,
        newSsrc: () => randomInt(0x1000, 0xffffffff),
        offer: (data) => this.#emit('offer', data),
        layers: (data) => this.#emit('layers', data),
        lost: (data) => this.#emit('lost', data),
        bridged: (data) => this.#emit('bridged', data),
      })
      this.#rooms.set(name, room)
    }
    return room
  }

  #emit<K extends keyof EngineEvents>(event: K, data: EngineEvents[K]): void {
    this.#emitter.emit(event, data, (error) =>
      this.#log('error', 'a listener of the media engine failed', { error: String(error) }),
    )
  }

  on<K extends keyof EngineEvents>(event: K, listener: (data: EngineEvents[K]) => void) {
    return this.#emitter.on(event, listener)
  }

  async publish(p: Parameters<MediaEngine['publish']>[0]) {
    return { answer: this.#room(p.room).publish(p.peer, p.offer, p.tracks) }
  }

  async receive(p: Parameters<MediaEngine['receive']>[0]) {
    return this.#room(p.room).receive(p.peer, p.offer)
  }

  async answer(p: Parameters<MediaEngine['answer']>[0]) {
    const room = this.#rooms.get(p.room)
    if (!room) throw new EngineError('peer', `No room ${p.room}`)
    room.answer(p.peer, p.sdp, p.version)
  }

  async watch(p: Parameters<MediaEngine['watch']>[0]) {
    this.#room(p.room).watch(p.peer, p.wishes, p.hears)
  }

  async unpublish(p: Parameters<MediaEngine['unpublish']>[0]) {
    this.#rooms.get(p.room)?.unpublish(p.peer, p.tracks)
  }

  async openBridge(p: Parameters<MediaEngine['openBridge']>[0]) {
    this.#room(p.room).openBridge(p.peer, p)
  }

  sendBridge(p: Parameters<MediaEngine['sendBridge']>[0]) {
    this.#rooms.get(p.room)?.sendBridge(p.peer, p.packet)
  }

  async closePeer(p: PeerName) {
    const room = this.#rooms.get(p.room)
    room?.closePeer(p.peer)
    if (room?.size === 0) this.#rooms.delete(p.room)
  }

  async closeRoom(name: string) {
    this.#rooms.get(name)?.close()
    this.#rooms.delete(name)
  }

  async close() {
    if (this.#closed) return
    this.#closed = true
    clearInterval(this.#timer)
    for (const room of this.#rooms.values()) room.close()
    this.#rooms.clear()
    this.#emitter.clear()
    this.factory.close()
  }
}

const openFactory = async (options: EngineOptions) => {
  const { port, bind, relayedPort } = options
  const relayed = relayedPort
    ? await openRelayedPort({ port: relayedPort, target: port, bind })
    : null
  return createNativeFactory({ ...options, relayed })
}

/** Opens its UDP ports; rejects with an {@link EngineError} `native` when one is taken. */
export const createCoreEngine = async (options: EngineOptions): Promise<MediaEngine> =>
  new CoreEngine(await openFactory(options), options)

/** The same with figures of all that crosses its transports. */
export const createCountedEngine = async (
  options: EngineOptions,
): Promise<{ engine: MediaEngine; figures(): EngineFigures }> => {
  const { factory, figures } = countedFactory(await openFactory(options))
  return { engine: new CoreEngine(factory, options), figures }
}

import { createSocket, type Socket } from 'node:dgram'

/** What happens to datagrams of one direction. */
export interface Faults {
  /** kbit/s; null: as fast as they come. */
  rate: number | null
  /** How much may wait in front of the bottleneck, ms; what comes beyond it is dropped. */
  queueMs: number
  /** Part that is lost at random, 0–1. */
  loss: number
  /** Each is delayed by up to so many ms. */
  jitterMs: number
  /** Jitter may change the order. */
  reorder: boolean
  /** Nothing passes. */
  blocked: boolean
}

interface Address {
  readonly address: string
  readonly port: number
}

const LOOPBACK = '127.0.0.1'
const NONE: Faults = {
  rate: null,
  queueMs: 400,
  loss: 0,
  jitterMs: 0,
  reorder: false,
  blocked: false,
}

/** mulberry32: the same faults in every run. */
const randomFrom = (seed: number) => {
  let a = seed
  return () => {
    a = (a + 0x6d2b79f5) | 0
    let t = Math.imul(a ^ (a >>> 15), a | 1)
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** One direction of the path. */
class Direction {
  faults = NONE
  #freeAt = 0
  #lastAt = 0
  readonly #random: () => number
  readonly #timers = new Set<NodeJS.Timeout>()

  constructor(seed: number) {
    this.#random = randomFrom(seed)
  }

  pass(bytes: number, deliver: () => void): void {
    const { rate, queueMs, loss, jitterMs, reorder, blocked } = this.faults
    if (blocked || this.#random() < loss) return
    const now = performance.now()
    let at = now
    if (rate !== null) {
      const start = Math.max(now, this.#freeAt)
      if (start - now > queueMs) return
      this.#freeAt = at = start + (bytes * 8) / rate
    }
    at += jitterMs * this.#random()
    if (!reorder) at = Math.max(at, this.#lastAt)
    this.#lastAt = at
    if (at - now < 0.5) {
      deliver()
      return
    }
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      deliver()
    }, at - now)
    this.#timers.add(timer)
  }

  close(): void {
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
  }
}

/** A bad network between one page and the media server: UDP datagrams, both directions. */
export class FaultProxy {
  /** From the page to the server. */
  readonly #up: Direction
  readonly #down: Direction
  #front: Socket | null = null
  readonly #flows = new Map<string, Socket>()
  #port = 0
  /** Who may pass, by the port that it sends from: a firewall. */
  isAllowed: (port: number) => boolean = () => true

  private constructor(
    private readonly target: number,
    seed: number,
  ) {
    this.#up = new Direction(seed)
    this.#down = new Direction(seed + 1)
  }

  static async open(target: number, seed = 1): Promise<FaultProxy> {
    const proxy = new FaultProxy(target, seed)
    await proxy.move()
    return proxy
  }

  /** Port that stands in for the media server's. */
  get port(): number {
    return this.#port
  }

  set(up: Partial<Faults>, down: Partial<Faults>): void {
    this.#up.faults = { ...NONE, ...up }
    this.#down.faults = { ...NONE, ...down }
  }

  /** The page's network changes: the old path is dead, another one stands at a new {@link port}. */
  async move(): Promise<void> {
    this.#shut()
    const front = createSocket('udp4')
    this.#front = front
    front.on('message', (data, client) => {
      if (!this.isAllowed(client.port)) return
      const flow = this.#flow(front, client)
      this.#up.pass(data.length, () => send(flow, data, { address: LOOPBACK, port: this.target }))
    })
    await new Promise<void>((resolve) => front.bind(0, LOOPBACK, resolve))
    this.#port = front.address().port
  }

  #flow(front: Socket, client: Address): Socket {
    const key = `${client.address} ${client.port}`
    const known = this.#flows.get(key)
    if (known) return known
    const flow = createSocket('udp4')
    this.#flows.set(key, flow)
    flow.on('message', (data) => {
      this.#down.pass(data.length, () => {
        if (this.#front === front) send(front, data, client)
      })
    })
    // What nobody listens to any more is as good as lost.
    flow.on('error', () => {})
    return flow
  }

  #shut(): void {
    this.#front?.close()
    this.#front = null
    for (const flow of this.#flows.values()) flow.close()
    this.#flows.clear()
  }

  close(): void {
    this.#up.close()
    this.#down.close()
    this.#shut()
  }
}

/** A datagram that waited may find its socket closed. */
const send = (socket: Socket, data: Buffer, to: Address): void => {
  try {
    socket.send(data, to.port, to.address)
  } catch {
    // lost with its path
  }
}

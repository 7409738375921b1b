import {
  type ClientFrame,
  ERRORS,
  type ErrorCode,
  LIMITS,
  parseClientFrame,
  type RequestFrame,
  session,
} from '@yuntang/protocol'
import { Compile } from 'typebox/compile'
import type { Context } from '../actor/context.ts'
import type { Clock } from '../core/clock.ts'
import type { Ids } from '../core/ids.ts'
import type { Log } from '../core/log.ts'
import type { Dispatcher } from './dispatch.ts'
import { Link, type LinkSocket, toWireError } from './link.ts'
import { RateLimit } from './rate.ts'

export interface GatewayOptions {
  readonly version: string
  readonly resumeWindow: number
  readonly guests: boolean
  readonly maxLinks: number
}

/** Close code by which the SDK says that its page is being unloaded (spec 00 §10). */
const UNLOAD = 4001
const MAX_OUTSTANDING = 64
const REQUESTS_PER_SECOND = 50
const REQUEST_BURST = 150

const hello = Compile(session.requests.hello.in)

interface Greeted {
  readonly link: Link
  readonly ctx: Context
}

/** One socket: greeting first, then frames in order. Fed by the `ws` adapter or by a test. */
export class SocketSession {
  #greeted: Greeted | null = null
  readonly #rate: RateLimit
  #lastSeen: number
  #cancel: () => void

  constructor(
    private readonly socket: LinkSocket,
    private readonly origin: { base: string; address: string },
    private readonly gateway: Gateway,
    private readonly clock: Clock,
  ) {
    this.#lastSeen = clock.now()
    this.#rate = new RateLimit(REQUESTS_PER_SECOND, REQUEST_BURST, clock.now())
    this.#cancel = clock.schedule(LIMITS.connect, () => this.#watch())
  }

  /** A peer that says nothing for T_DEAD, or never greets, is gone. */
  #watch(): void {
    const silent = this.clock.now() - this.#lastSeen
    if (!this.#greeted || silent >= LIMITS.dead) {
      this.socket.close(4003, 'silent')
      this.closed(1006)
      return
    }
    this.#cancel = this.clock.schedule(LIMITS.heartbeat, () => this.#watch())
  }

  message(raw: string): void {
    this.#lastSeen = this.clock.now()
    const frame = parseClientFrame(raw)
    if (!frame) this.#refuse('frame.invalid')
    else if (!this.#greeted) this.#greet(frame)
    else if (!this.#greeted.link.uses(this.socket)) return
    else if ('ping' in frame) this.socket.send(JSON.stringify({ pong: frame.ping }))
    else if ('ack' in frame) this.#greeted.link.acknowledged(frame.ack)
    else this.#request(frame, this.#greeted)
  }

  #request(frame: RequestFrame, { link, ctx }: Greeted): void {
    if (frame.id <= link.taken) return
    link.taken = frame.id
    if (!this.#rate.take(this.clock.now())) link.refuse(frame.id, 'rate.exceeded')
    else void this.gateway.handle(frame, link, ctx)
  }

  #greet(frame: ClientFrame): void {
    if (!('method' in frame) || frame.method !== 'session.hello' || !hello.Check(frame.params)) {
      this.#refuse('frame.invalid')
      return
    }
    const params = frame.params as {
      protocol: number
      instance: string
      resume?: { token: string; seen: number }
    }
    if (params.protocol !== LIMITS.protocolVersion) {
      this.#refuse('protocol.version')
      return
    }
    const greeted = this.gateway.greet(this.socket, this.origin, params)
    if (!greeted) {
      this.#refuse(params.resume ? 'session.unknown' : 'session.closed')
      return
    }
    this.#greeted = greeted
    const resumed = params.resume !== undefined
    this.socket.send(
      JSON.stringify({
        hello: {
          server: this.gateway.options.version,
          token: greeted.link.token,
          resumed,
          taken: greeted.link.taken,
          resumeWindow: this.gateway.options.resumeWindow,
          guests: this.gateway.options.guests,
        },
      }),
    )
    if (resumed) greeted.link.replay()
  }

  #refuse(code: ErrorCode): void {
    this.socket.send(JSON.stringify({ refused: { code, message: ERRORS[code].text } }))
    this.socket.close(4004, code)
    this.closed(1000)
  }

  /** The socket closed; an unload counts as T_RESUME already over. */
  closed(code: number): void {
    this.#cancel()
    const link = this.#greeted?.link
    if (!link?.uses(this.socket)) return
    if (code === UNLOAD) link.end('lost')
    else link.away()
  }
}

/** All links of this server. */
export class Gateway {
  readonly #links = new Map<string, Greeted & { outstanding: number }>()

  constructor(
    readonly options: GatewayOptions,
    private readonly dispatcher: Dispatcher,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly log: Log,
  ) {}

  get size(): number {
    return this.#links.size
  }

  accept(socket: LinkSocket, origin: { base: string; address: string }): SocketSession {
    return new SocketSession(socket, origin, this, this.clock)
  }

  greet(
    socket: LinkSocket,
    origin: { base: string; address: string },
    params: { instance: string; resume?: { token: string; seen: number } },
  ): Greeted | null {
    if (params.resume) {
      const known = this.#links.get(params.resume.token)
      return known?.link.resume(socket, params.resume.seen) ? known : null
    }
    if (this.#links.size >= this.options.maxLinks) return null
    const link = new Link(
      this.ids.token(),
      params.instance,
      origin.base,
      origin.address,
      socket,
      this.clock,
      this.options.resumeWindow,
    )
    const entry = { link, ctx: { link, user: null, seat: null, attempt: 0 }, outstanding: 0 }
    this.#links.set(link.token, entry)
    link.onEnd(() => this.#links.delete(link.token))
    return entry
  }

  async handle(frame: RequestFrame, link: Link, ctx: Context): Promise<void> {
    const entry = this.#links.get(link.token)
    if (!entry) return
    if (entry.outstanding >= MAX_OUTSTANDING) {
      link.refuse(frame.id, 'rate.exceeded')
      return
    }
    entry.outstanding += 1
    try {
      link.answer(frame.id, await this.dispatcher.call(frame.method, frame.params, ctx))
    } catch (error) {
      const { code, message } = toWireError(error)
      if (code === 'internal')
        this.log.error({ err: error, method: frame.method }, 'a request failed')
      link.refuse(frame.id, code, message)
    } finally {
      entry.outstanding -= 1
    }
  }

  /** Tells every logged-in page that the server goes, then ends all links. */
  close(): void {
    for (const { link, ctx } of [...this.#links.values()]) {
      if (ctx.user) link.event('session.lineOff', { code: 'session.closed' })
      link.end('closed', 1001, 'server closed')
    }
  }
}

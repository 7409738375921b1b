import { type Events, LIMITS, type RequestFrame } from '@yuntang/protocol'
import type { Context } from '../actor/context.ts'
import type { Clock } from '../core/clock.ts'
import { secretHash } from '../core/hash.ts'
import type { Ids } from '../core/ids.ts'
import type { Log } from '../core/log.ts'
import { KeptTotal } from './delivery-log.ts'
import type { Dispatcher } from './dispatch.ts'
import { Late } from './late.ts'
import { Link, type LinkEnd, type LinkSocket, type Peer, toWireError } from './link.ts'
import { SocketSession } from './socket-session.ts'

export interface GatewayOptions {
  readonly version: string
  readonly resumeWindow: number
  readonly guests: boolean
  readonly phones: boolean
  readonly maxLinks: number
  /** Characters kept for all pages beyond which each may keep little only; see {@link KeptTotal}. */
  readonly keptChars?: number
}

/** What the gateway needs of the domains. */
export interface GatewayPorts {
  /** What a page that missed events must know. */
  snapshot(ctx: Context): Events['session.resync']
  /** The page is gone for good. */
  ended(ctx: Context, how: LinkEnd): void
  /** Counts up whenever something changed that must outlive the process. */
  changes(): number
  /** Resolves when every change so far is on disk, or cannot be. */
  stored(): Promise<void>
}

/** Takes a binary frame; false when it belongs to nothing. */
export type BulkHandler = (frame: Uint8Array<ArrayBuffer>, ctx: Context) => boolean

/** How a page reached us. */
export interface Origin {
  readonly base: string
  readonly address: string
}

export interface Greeted {
  readonly link: Link
  readonly ctx: Context
  /** Secret that resumes the link. */
  readonly token: string
}

interface Entry {
  readonly link: Link
  readonly ctx: Context
  outstanding: number
}

/** All links of this server, by the hash of their secret. */
export class Gateway {
  readonly #links = new Map<string, Entry>()
  readonly #kept: KeptTotal

  constructor(
    readonly options: GatewayOptions,
    private readonly ports: GatewayPorts,
    private readonly dispatcher: Dispatcher,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly log: Log,
    readonly bulk: BulkHandler = () => false,
  ) {
    this.#kept = new KeptTotal(options.keptChars)
  }

  paceOf(method: string): 'normal' | 'fast' {
    return this.dispatcher.paceOf(method)
  }

  get size(): number {
    return this.#links.size
  }

  accept(socket: LinkSocket, origin: Origin): SocketSession {
    return new SocketSession(socket, origin, this, this.clock)
  }

  greet(
    socket: LinkSocket,
    origin: Origin,
    params: { instance: string; resume?: { token: string; seen: number } },
  ): Greeted | null {
    if (params.resume) {
      const { token, seen } = params.resume
      const known = this.#links.get(secretHash(token))
      if (!known?.link.resume(socket, seen)) return null
      known.link.address = origin.address
      return { link: known.link, ctx: known.ctx, token }
    }
    if (this.#links.size >= this.options.maxLinks) return null
    const token = this.ids.token()
    const peer = { key: secretHash(token), instance: params.instance, base: origin.base }
    const { link, ctx } = this.#add(peer, socket)
    link.address = origin.address
    return { link, ctx, token }
  }

  /** A page that an earlier run of the server knew; it may come back within T_RESUME. */
  restore(peer: Peer): Context {
    return this.#add(peer, null).ctx
  }

  #add(peer: Peer, socket: LinkSocket | null): Entry {
    const { resumeWindow } = this.options
    const link = new Link(
      peer,
      socket,
      this.clock,
      resumeWindow,
      () => this.ports.snapshot(ctx),
      this.#kept,
    )
    const ctx: Context = { link, user: null, seat: null, attempt: 0 }
    const entry = { link, ctx, outstanding: 0 }
    this.#links.set(peer.key, entry)
    link.onEnd((how) => {
      this.#links.delete(peer.key)
      this.ports.ended(ctx, how)
    })
    return entry
  }

  async handle(frame: RequestFrame, link: Link, ctx: Context): Promise<void> {
    const entry = this.#links.get(link.peer.key)
    if (!entry) return
    // Those of the fast pace are answered at once; their rate bounds them.
    if (entry.outstanding >= LIMITS.outstanding && this.paceOf(frame.method) === 'normal') {
      link.refuse(frame.id, 'rate.exceeded')
      return
    }
    entry.outstanding += 1
    try {
      const before = this.ports.changes()
      const result = await this.dispatcher.call(frame.method, frame.params, ctx)
      // What was answered survives a crash.
      if (this.ports.changes() !== before) await this.ports.stored()
      link.answer(frame.id, result instanceof Late ? result.value() : result)
      if (result instanceof Late) result.after()
    } catch (error) {
      const { code, message } = toWireError(error)
      if (code === 'internal')
        this.log.error({ err: error, method: frame.method }, 'a request failed')
      link.refuse(frame.id, code, message)
    } finally {
      entry.outstanding -= 1
    }
  }

  /** The page with this secret says over HTTP that it is being unloaded (spec 00 §10). */
  unload(token: string): void {
    this.#links.get(secretHash(token))?.link.end('lost')
  }

  /** Tells every logged-in page that the server goes, then ends all links. */
  close(): void {
    for (const { link, ctx } of [...this.#links.values()]) {
      if (ctx.user) link.event('session.lineOff', { code: 'session.closed' })
      link.end('closed', 1001, 'server closed')
    }
  }
}

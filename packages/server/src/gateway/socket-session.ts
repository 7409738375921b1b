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
import type { Clock } from '../core/clock.ts'
import { schedulePatiently } from '../core/patient-timer.ts'
import type { Gateway, Greeted, Origin } from './gateway.ts'
import type { LinkSocket } from './link.ts'
import { RateLimit } from './rate.ts'

/** Close code by which the SDK says that its page is being unloaded (spec 00 §10). */
const UNLOAD = 4001

/** Allowance of requests of the `fast` pace, a little above what the SDK keeps to. */
const FAST_PER_SECOND = LIMITS.commandsPerSecond * 1.25
const FAST_BURST = LIMITS.commandsPerSecond * 2
/** Binary frames that belong to nothing; those of tasks just ended are excused. */
const STRAY_PER_SECOND = 100
const STRAY_BURST = 1_000

const hello = Compile(session.requests.hello.in)

/** One socket: greeting first, then frames in order. Fed by the `ws` adapter or by a test. */
export class SocketSession {
  #greeted: Greeted | null = null
  readonly #rates: { normal: RateLimit; fast: RateLimit; stray: RateLimit }
  #lastSeen: number
  #cancel: () => void

  constructor(
    private readonly socket: LinkSocket,
    private readonly origin: Origin,
    private readonly gateway: Gateway,
    private readonly clock: Clock,
  ) {
    this.#lastSeen = clock.now()
    const now = clock.now()
    this.#rates = {
      normal: new RateLimit(LIMITS.requestsPerSecond, LIMITS.requestBurst, now),
      fast: new RateLimit(FAST_PER_SECOND, FAST_BURST, now),
      stray: new RateLimit(STRAY_PER_SECOND, STRAY_BURST, now),
    }
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
    if (silent >= LIMITS.heartbeat) this.socket.ping?.()
    const wait = Math.min(LIMITS.heartbeat, LIMITS.dead - silent)
    this.#cancel = schedulePatiently(this.clock, wait, LIMITS.heartbeat, () => this.#watch())
  }

  /** The peer gave a sign of life. */
  alive(): void {
    this.#lastSeen = this.clock.now()
  }

  /** True as long as the page has neither a login nor a seat. */
  unproven(): boolean {
    const ctx = this.#greeted?.ctx
    return !ctx || (ctx.user === null && ctx.seat === null)
  }

  message(raw: string): void {
    this.alive()
    const frame = parseClientFrame(raw)
    if (!frame) this.#refuse('frame.invalid')
    else if (!this.#greeted) this.#greet(frame)
    else if (!this.#greeted.link.uses(this.socket)) return
    else if ('ping' in frame) this.socket.send(JSON.stringify({ pong: frame.ping }))
    else if ('ack' in frame) this.#greeted.link.acknowledged(frame.ack)
    else this.#request(frame, this.#greeted)
  }

  /** A binary frame; only a greeted page may send one. */
  binary(frame: Uint8Array<ArrayBuffer>): void {
    this.alive()
    const greeted = this.#greeted
    if (greeted && !greeted.link.uses(this.socket)) return
    if (greeted && this.gateway.bulk(frame, greeted.ctx)) return
    if (!greeted || !this.#rates.stray.take(this.#lastSeen)) this.#refuse('frame.invalid')
  }

  #request(frame: RequestFrame, { link, ctx }: Greeted): void {
    if (!link.take(frame.id)) return
    const rate = this.#rates[this.gateway.paceOf(frame.method)]
    if (!rate.take(this.clock.now())) link.refuse(frame.id, 'rate.exceeded')
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
    const { link, token } = greeted
    const resumed = params.resume !== undefined
    this.socket.send(
      JSON.stringify({
        hello: {
          server: this.gateway.options.version,
          token,
          resumed,
          ...(link.restarted ? { restarted: true } : {}),
          taken: link.taken,
          resumeWindow: this.gateway.options.resumeWindow,
          guests: this.gateway.options.guests,
          phones: this.gateway.options.phones,
        },
      }),
    )
    if (resumed) link.replay()
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

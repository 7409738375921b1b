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

const hello = Compile(session.requests.hello.in)

/** One socket: greeting first, then frames in order. Fed by the `ws` adapter or by a test. */
export class SocketSession {
  #greeted: Greeted | null = null
  readonly #rate: RateLimit
  #lastSeen: number
  #cancel: () => void

  constructor(
    private readonly socket: LinkSocket,
    private readonly origin: Origin,
    private readonly gateway: Gateway,
    private readonly clock: Clock,
  ) {
    this.#lastSeen = clock.now()
    this.#rate = new RateLimit(LIMITS.requestsPerSecond, LIMITS.requestBurst, clock.now())
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

  #request(frame: RequestFrame, { link, ctx }: Greeted): void {
    if (!link.take(frame.id)) return
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

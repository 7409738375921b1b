import {
  ERRORS,
  type ErrorCode,
  type EventName,
  type Events,
  LIMITS,
  ProtocolError,
} from '@yuntang/protocol'
import type { Clock } from '../core/clock.ts'

/** The three members of a socket that a link needs; `ws` and the tests' pair both have them. */
export interface LinkSocket {
  send(text: string): void
  close(code: number, reason: string): void
  readonly bufferedAmount: number
}

export type LinkEnd = 'lost' | 'closed'

/** Past this many unsent bytes a reader is slow: volatile events are dropped for it. */
const CLOGGED = 1024 * 1024

type State =
  | { name: 'live'; socket: LinkSocket }
  | { name: 'away'; cancel: () => void }
  | { name: 'ended' }

/**
 * The server's side of one page. What it delivers is numbered and kept until acknowledged, answers
 * like events, so that a page that comes back within T_RESUME gets everything exactly once.
 */
export class Link {
  #state: State
  #seq = 0
  /** Back on a new socket, but what it missed is not sent yet. */
  #returning = false
  #kept: { seq: number; text: string }[] = []
  /** Highest request id taken; a repeated one has its answer in the log already. */
  taken = 0
  readonly #onEnd = new Set<(how: LinkEnd) => void>()
  readonly #onAlive = new Set<(alive: boolean) => void>()

  constructor(
    readonly token: string,
    /** One per page load. */
    readonly instance: string,
    /** `http://host` under which the page reached us, for public links. */
    readonly base: string,
    readonly address: string,
    socket: LinkSocket,
    private readonly clock: Clock,
    private readonly resumeWindow: number,
  ) {
    this.#state = { name: 'live', socket }
  }

  get ended(): boolean {
    return this.#state.name === 'ended'
  }

  onEnd(listener: (how: LinkEnd) => void): () => void {
    this.#onEnd.add(listener)
    return () => this.#onEnd.delete(listener)
  }

  /** Tells when the socket is lost silently and when the page is back. */
  onAlive(listener: (alive: boolean) => void): () => void {
    this.#onAlive.add(listener)
    return () => this.#onAlive.delete(listener)
  }

  /** False while the page may still come back. */
  get alive(): boolean {
    return this.#state.name === 'live'
  }

  answer(id: number, result: unknown): void {
    this.#deliver({ id, result })
  }

  refuse(id: number, code: ErrorCode, message: string = ERRORS[code].text): void {
    this.#deliver({ id, error: { code, message } })
  }

  event<K extends EventName>(event: K, data: Events[K]): void {
    this.#deliver({ event, data })
  }

  /** For events that may be lost. */
  volatile<K extends EventName>(event: K, data: Events[K]): void {
    if (this.#state.name === 'live' && this.#state.socket.bufferedAmount < CLOGGED)
      this.#state.socket.send(JSON.stringify({ event, data }))
  }

  #deliver(frame: object): void {
    if (this.#state.name === 'ended') return
    this.#seq += 1
    const text = JSON.stringify({ seq: this.#seq, ...frame })
    this.#kept.push({ seq: this.#seq, text })
    if (this.#kept.length > LIMITS.backlog) this.end('lost')
    else if (this.#state.name === 'live') this.#state.socket.send(text)
  }

  acknowledged(seq: number): void {
    const index = this.#kept.findIndex((k) => k.seq > seq)
    this.#kept = index < 0 ? [] : this.#kept.slice(index)
  }

  /** True while `socket` is the one in use. */
  uses(socket: LinkSocket): boolean {
    return this.#state.name === 'live' && this.#state.socket === socket
  }

  /** The socket is gone; the page may come back within the window. */
  away(): void {
    if (this.#state.name !== 'live') return
    this.#state = {
      name: 'away',
      cancel: this.clock.schedule(this.resumeWindow, () => this.end('lost')),
    }
    for (const listener of [...this.#onAlive]) listener(false)
  }

  /** The page is back on another socket and has everything up to `seen`. */
  resume(socket: LinkSocket, seen: number): boolean {
    if (this.#state.name === 'ended') return false
    const oldest = this.#kept[0]?.seq ?? this.#seq + 1
    if (seen > this.#seq || seen + 1 < oldest) return false
    this.#returning = this.#state.name === 'away'
    if (this.#state.name === 'away') this.#state.cancel()
    else this.#state.socket.close(4000, 'resumed elsewhere')
    this.#state = { name: 'live', socket }
    this.acknowledged(seen)
    return true
  }

  /** Sends again what the page has not seen; after the greeting's answer. */
  replay(): void {
    if (this.#state.name !== 'live') return
    for (const k of this.#kept) this.#state.socket.send(k.text)
    if (!this.#returning) return
    this.#returning = false
    for (const listener of [...this.#onAlive]) listener(true)
  }

  /** Ends the link for good. Idempotent. */
  end(how: LinkEnd, code = 4002, reason = 'ended'): void {
    const state = this.#state
    if (state.name === 'ended') return
    this.#state = { name: 'ended' }
    this.#kept = []
    if (state.name === 'away') state.cancel()
    else state.socket.close(code, reason)
    for (const listener of [...this.#onEnd]) listener(how)
    this.#onEnd.clear()
    this.#onAlive.clear()
  }
}

/** Wire form of whatever a handler threw. */
export const toWireError = (error: unknown): { code: ErrorCode; message: string } =>
  error instanceof ProtocolError
    ? { code: error.code, message: error.message }
    : { code: 'internal', message: ERRORS.internal.text }

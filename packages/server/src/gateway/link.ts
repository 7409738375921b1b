import {
  ERRORS,
  type ErrorCode,
  type EventName,
  type Events,
  LIMITS,
  ProtocolError,
  REPLACED,
} from '@yuntang/protocol'
import type { Clock } from '../core/clock.ts'
import { schedulePatiently } from '../core/patient-timer.ts'
import { DeliveryLog, KeptTotal } from './delivery-log.ts'

/** The members of a socket that a link needs; `ws` and the tests' pair both have them. */
export interface LinkSocket {
  send(text: string): void
  /** Behind the binary frames given before; text may overtake it. */
  sendBinary(frame: Uint8Array): void
  close(code: number, reason: string): void
  /** The browser answers by itself, also for a page whose timers are throttled. */
  ping?(): void
  readonly bufferedAmount: number
}

export type LinkEnd = 'lost' | 'closed'

/** Who is at the other end; survives a restart of the server. */
export interface Peer {
  /** Hash of the secret that resumes the link; the secret itself is the page's alone. */
  readonly key: string
  /** One per page load. */
  readonly instance: string
  /** `http://host` under which the page reached us, for public links. */
  readonly base: string
}

/** How often a slow reader is looked at, and when it has caught up. */
const DRAIN_MS = 250
const DRAINED_BYTES = 64 * 1024

/** An event made ready once for many links. */
export interface EncodedEvent {
  /** JSON text of its frame, without the number. */
  readonly text: string
  /** No snapshot replaces it. */
  readonly lasting: boolean
}

/** Makes an event ready for {@link Link.encoded}. */
export const encodeEvent = <K extends EventName>(event: K, data: Events[K]): EncodedEvent => ({
  text: JSON.stringify({ event, data }),
  lasting: !REPLACED.has(event),
})

type State =
  | { name: 'live'; socket: LinkSocket }
  | { name: 'away'; cancel: () => void }
  | { name: 'ended' }

/**
 * The server's side of one page. What it delivers is numbered and kept until acknowledged, answers
 * like events, so that a page that comes back within T_RESUME gets everything exactly once. A page
 * that falls too far behind loses the events, never the answers, and gets a snapshot instead.
 */
export class Link {
  #state: State = { name: 'ended' }
  readonly #log: DeliveryLog
  /** Since when events are withheld until the page can take a snapshot; null while they flow. */
  #behind: number | null = null
  #cancelDrain = () => {}
  /** An earlier run of the server greeted this page; until it says something to this one. */
  #restored: boolean
  /** False while nobody knows what number the page of an earlier run saw last. */
  #isNumbered: boolean
  /** Highest request id taken; a repeated one has its answer in the log already. */
  taken = 0
  /** Address of the page's last socket. */
  address = ''
  /** Back on a new socket, but what it missed is not sent yet. */
  #returning = false
  readonly #onEnd = new Set<(how: LinkEnd) => void>()
  readonly #onAlive = new Set<(alive: boolean) => void>()

  constructor(
    readonly peer: Peer,
    /** Null: restored after a restart, its page is away. */
    socket: LinkSocket | null,
    private readonly clock: Clock,
    private readonly resumeWindow: number,
    /** What the page's snapshot is now. */
    private readonly snapshot: () => Events['session.resync'],
    kept = new KeptTotal(),
  ) {
    this.#log = new DeliveryLog(kept)
    this.#restored = socket === null
    this.#isNumbered = !this.#restored
    if (socket) this.#state = { name: 'live', socket }
    else this.#wait()
  }

  get instance(): string {
    return this.peer.instance
  }

  get base(): string {
    return this.peer.base
  }

  get ended(): boolean {
    return this.#state.name === 'ended'
  }

  /** The page must be told that its requests without answers are unknown here. */
  get restarted(): boolean {
    return this.#restored
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
    this.#deliver(JSON.stringify({ id, result }), true)
  }

  refuse(id: number, code: ErrorCode, message: string = ERRORS[code].text): void {
    this.#deliver(JSON.stringify({ id, error: { code, message } }), true)
  }

  event<K extends EventName>(event: K, data: Events[K]): void {
    this.encoded(encodeEvent(event, data))
  }

  /** An event that many links get. */
  encoded({ text, lasting }: EncodedEvent): void {
    if (this.#behind === null || lasting) this.#deliver(text, lasting)
  }

  /**
   * A lasting event that the page acknowledges at once: then `arrived` runs. The returned function
   * takes it back as long as that has not happened; a page that was away never sees it then.
   */
  eventWithReceipt<K extends EventName>(event: K, data: Events[K], arrived: () => void) {
    this.#deliver(JSON.stringify({ event, data, receipt: true }), true, arrived)
    const { newest } = this.#log
    return () => this.#log.replace(newest, { event: 'channel.skipped', data: {} })
  }

  /** A binary frame, not kept: lost when the page is away. */
  bulk(frame: Uint8Array): void {
    if (this.#state.name === 'live') this.#state.socket.sendBinary(frame)
  }

  /** For events that may be lost. */
  volatile<K extends EventName>(event: K, data: Events[K]): void {
    if (this.#state.name !== 'live' || this.#behind !== null) return
    const { socket } = this.#state
    if (socket.bufferedAmount < LIMITS.unsentBytes / 2) socket.send(JSON.stringify({ event, data }))
  }

  #deliver(frame: string, lasting: boolean, arrived?: () => void): void {
    if (this.#state.name === 'ended') return
    const text = this.#log.add(frame, lasting, arrived)
    if (this.#log.burst) {
      this.end('lost', 4008, 'too slow')
      return
    }
    if (this.#state.name === 'live') this.#state.socket.send(text)
    if (this.#log.full || this.#isClogged()) this.#fallBehind()
  }

  #isClogged(): boolean {
    return this.#state.name === 'live' && this.#state.socket.bufferedAmount > LIMITS.unsentBytes
  }

  #fallBehind(): void {
    if (this.#behind !== null) return
    this.#log.shed()
    this.#behind = this.clock.now()
    this.#watchDrain()
  }

  /** A live page gets its snapshot when it has taken what was sent, or loses a dead socket. */
  #watchDrain(): void {
    this.#cancelDrain()
    if (this.#state.name !== 'live') return
    this.#cancelDrain = this.clock.schedule(DRAIN_MS, () => {
      if (this.#state.name !== 'live' || this.#behind === null) return
      const { socket } = this.#state
      if (socket.bufferedAmount <= DRAINED_BYTES) this.#catchUp()
      else if (this.clock.now() - this.#behind < LIMITS.dead) this.#watchDrain()
      else {
        socket.close(4003, 'too slow')
        this.away()
      }
    })
  }

  #catchUp(): void {
    this.#behind = null
    this.event('session.resync', this.snapshot())
  }

  acknowledged(seq: number): void {
    this.#restored = false
    this.#log.acknowledge(seq)
  }

  /** A request came; true when it is new. */
  take(id: number): boolean {
    this.#restored = false
    if (id <= this.taken) return false
    this.taken = id
    return true
  }

  /** True while `socket` is the one in use. */
  uses(socket: LinkSocket): boolean {
    return this.#state.name === 'live' && this.#state.socket === socket
  }

  /** The socket is gone; the page may come back within the window. */
  away(): void {
    if (this.#state.name !== 'live') return
    this.#wait()
    for (const listener of [...this.#onAlive]) listener(false)
  }

  #wait(): void {
    this.#cancelDrain()
    const lost = () => this.end('lost')
    const cancel = schedulePatiently(this.clock, this.resumeWindow, LIMITS.connect, lost)
    this.#state = { name: 'away', cancel }
  }

  /** The page is back on another socket and has everything up to `seen`. */
  resume(socket: LinkSocket, seen: number): boolean {
    if (this.#state.name === 'ended') return false
    if (!this.#isNumbered) this.#log.startAt(seen)
    this.#isNumbered = true
    if (seen > this.#log.seq) return false
    this.#returning = this.#state.name === 'away'
    if (this.#state.name === 'away') this.#state.cancel()
    else this.#state.socket.close(4000, 'resumed elsewhere')
    this.#state = { name: 'live', socket }
    this.#log.acknowledge(seen)
    if (this.#behind === null && (this.#restored || !this.#log.covers(seen))) {
      this.#log.shed()
      this.#behind = this.clock.now()
    }
    return true
  }

  /** Sends again what the page has not seen, or its snapshot; after the greeting's answer. */
  replay(): void {
    if (this.#state.name !== 'live') return
    for (const text of this.#log.texts) this.#state.socket.send(text)
    if (this.#behind !== null) this.#catchUp()
    if (!this.#returning) return
    this.#returning = false
    for (const listener of [...this.#onAlive]) listener(true)
  }

  /** Ends the link for good. Idempotent. */
  end(how: LinkEnd, code = 4002, reason = 'ended'): void {
    const state = this.#state
    if (state.name === 'ended') return
    this.#state = { name: 'ended' }
    this.#log.clear()
    this.#cancelDrain()
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

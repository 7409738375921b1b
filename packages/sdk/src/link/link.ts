import {
  type AnswerFrame,
  type ErrorCode,
  type EventName,
  type In,
  LIMITS,
  type Method,
  type Out,
  type Payload,
  parseServerFrame,
  type Requests,
} from '@yuntang/protocol'
import { fromWire, YuntangError } from '../errors.ts'
import { httpBase } from './addresses.ts'
import { afterAwake } from './awake.ts'
import { abandon, type Greeted } from './dial.ts'
import type { LinkEnv, Socket } from './env.ts'
import { createPending } from './pending.ts'
import { createReconnect, type Reconnect } from './reconnect.ts'

/** `resuming`: lost and reconnecting silently; requests wait meanwhile (spec 02 §5). */
export type LinkState = 'live' | 'resuming' | 'ended'

/** Sends a request; rejects with a YuntangError or the abort's reason. */
export type Send = <M extends Method>(
  method: M,
  params: In<Requests[M]>,
  signal?: AbortSignal,
) => Promise<Out<Requests[M]>>

export interface LinkHandlers {
  event(name: EventName, data: Payload<unknown>): void
  /** A binary frame; not numbered, so a lost link loses them. */
  binary?(frame: Uint8Array<ArrayBuffer>): void
  /** `restarted`: the server is another run of itself and knows only what it stored. */
  state(state: 'live' | 'resuming', restarted?: boolean): void
  /** The link is over without being asked to; every pending request has been rejected. */
  ended(code: ErrorCode): void
}

/** One numbered conversation with the server, over as many sockets as it takes. */
export interface Link {
  readonly state: LinkState
  /** Address of the last socket. */
  readonly url: string
  readonly send: Send
  /** A binary frame, now or never: false while there is no socket. */
  sendBinary(frame: Uint8Array<ArrayBuffer>): boolean
  /** Bytes that have not left the page yet. */
  readonly unsent: number
  /** Ends the link as the server said; fires `ended`. */
  fail(code: ErrorCode): void
  /** The network or the page came back: reconnects now, or makes sure that the socket still works. */
  hurry(): void
  /** The page goes away: the server need not wait for it. The link resumes if the page stays. */
  unload(): void
  /** Ends the link silently; pending requests reject with `request.replaced`. Idempotent. */
  close(): void
}

/** Close code that tells the server not to wait for a resume. */
export const GONE = 4001
const ACK_EVERY = 1_000
/** A burst is acknowledged sooner: the server keeps a limited number and size. */
const ACK_FRAMES = 256
const ACK_CHARS = LIMITS.backlogChars / 4
/** After a change of network a working socket answers within this time. */
const PROBE = 4_000

/** Takes over a freshly greeted socket. */
export const createLink = (
  first: Greeted,
  instance: string,
  urls: readonly string[],
  env: LinkEnv,
  handlers: LinkHandlers,
): Link => {
  const token = first.hello.token
  const pending = createPending(env)
  let state: LinkState = 'live'
  let socket: Socket | null = null
  let url = first.url
  let seen = 0
  let acked = 0
  let unackedChars = 0
  let heard = 0
  let frames = 0
  let stopLive: (() => void)[] = []
  let cancelAck: (() => void) | null = null
  let reconnect: Reconnect | null = null
  /** The page went; if it was kept and comes back, nothing more goes over this socket. */
  let leaving = false

  const post = (frame: object) => {
    if (!leaving) socket?.send(JSON.stringify(frame))
  }

  const acknowledge = () => {
    cancelAck?.()
    cancelAck = null
    if (seen > acked && socket) {
      acked = seen
      unackedChars = 0
      post({ ack: seen })
    }
  }

  /** True when the numbered frame is new. */
  const take = (seq: number, chars: number): boolean => {
    if (seq <= seen) return false
    seen = seq
    unackedChars += chars
    if (seen - acked >= ACK_FRAMES || unackedChars >= ACK_CHARS) acknowledge()
    cancelAck ??= env.after(ACK_EVERY, acknowledge)
    return true
  }

  const answer = (frame: AnswerFrame) => {
    if (frame.error) pending.reject(frame.id, fromWire(frame.error))
    else pending.resolve(frame.id, frame.result)
  }

  const receive = (data: unknown) => {
    heard = env.now()
    frames += 1
    if (data instanceof ArrayBuffer) {
      handlers.binary?.(new Uint8Array(data))
      return
    }
    const text = typeof data === 'string' ? data : ''
    const frame = parseServerFrame(text)
    if (!frame || 'pong' in frame) return
    if ('refused' in frame) lose('connection.socket')
    else if ('hello' in frame) return
    else if ('id' in frame) {
      if (take(frame.seq, text.length)) answer(frame)
    } else if (
      !('seq' in frame) ||
      (typeof frame.seq === 'number' && take(frame.seq, text.length))
    ) {
      tell(frame.event as EventName, frame.data as Payload<unknown>)
      if ('receipt' in frame && frame.receipt) acknowledge()
    }
  }

  const tell = (name: EventName, data: Payload<unknown>) => {
    handlers.event(name, data)
    // In one task with what the snapshot changed: whoever waits finds the new state.
    if (name === 'session.resync') pending.dropDoubtful()
  }

  const heartbeat = () => {
    post({ ping: Math.floor(env.now()) })
    stopLive[0] = env.after(LIMITS.heartbeat, heartbeat)
  }
  const watchSilence = () => {
    const left = heard + LIMITS.dead - env.now()
    if (left <= 0) lose('connection.timeout')
    else stopLive[1] = afterAwake(env, left, LIMITS.heartbeat, watchSilence)
  }
  /** Nothing heard after a ping: the socket is half open. */
  const probe = () => {
    const before = frames
    post({ ping: Math.floor(env.now()) })
    stopLive[2]?.()
    stopLive[2] = afterAwake(env, PROBE, PROBE, () => {
      if (frames === before) lose('connection.timeout')
    })
  }

  const detach = (code?: number) => {
    for (const stop of stopLive) stop()
    stopLive = []
    cancelAck?.()
    cancelAck = null
    if (socket) abandon(socket, code)
    socket = null
  }

  const attach = (greeted: Greeted) => {
    socket = greeted.socket
    leaving = false
    url = greeted.url
    heard = env.now()
    socket.onmessage = ({ data }) => receive(data)
    socket.onclose = () => lose('connection.lost')
    stopLive = [
      env.after(LIMITS.heartbeat, heartbeat),
      afterAwake(env, LIMITS.dead, LIMITS.heartbeat, watchSilence),
    ]
    // What was taken in but not acknowledged before the loss is acknowledged by `seen`.
    acked = seen
    unackedChars = 0
  }

  const lose = (cause: ErrorCode) => {
    if (state !== 'live') return
    leaving = false
    detach()
    state = 'resuming'
    pending.pause()
    reconnect = createReconnect({
      env,
      window: first.hello.resumeWindow,
      urls: [url, ...urls.filter((other) => other !== url)],
      greeting: () => ({ instance, resume: { token, seen } }),
      resumed,
      gaveUp: (code) => fail(code ?? (cause === 'connection.timeout' ? cause : 'connection.lost')),
    })
    handlers.state('resuming')
  }

  const resumed = (greeted: Greeted) => {
    if (state !== 'resuming') {
      abandon(greeted.socket, GONE)
      return
    }
    reconnect = null
    if (!greeted.hello.resumed) {
      abandon(greeted.socket, GONE)
      fail('connection.lost')
      return
    }
    attach(greeted)
    state = 'live'
    const restarted = greeted.hello.restarted === true
    for (const frame of pending.resume(greeted.hello.taken, restarted)) post(frame)
    handlers.state('live', restarted)
  }

  const finish = (code: ErrorCode): boolean => {
    if (state === 'ended') return false
    state = 'ended'
    reconnect?.stop()
    reconnect = null
    detach(GONE)
    pending.rejectAll(new YuntangError(code))
    return true
  }
  const fail = (code: ErrorCode) => {
    if (finish(code)) handlers.ended(code)
  }

  const send: Send = (method, params, signal) => {
    if (state === 'ended') return Promise.reject(new YuntangError('connection.lost'))
    const { frame, promise } = pending.add(method, params, state === 'live', signal)
    if (frame && state === 'live') post(frame)
    return promise as Promise<never>
  }

  attach(first)

  return {
    get state() {
      return state
    },
    get url() {
      return url
    },
    send,
    sendBinary(frame) {
      if (state !== 'live' || !socket || leaving) return false
      socket.send(frame)
      return true
    },
    get unsent() {
      return socket?.bufferedAmount ?? 0
    },
    fail,
    hurry() {
      if (leaving) return
      if (state === 'live') probe()
      else reconnect?.hurry()
    },
    unload() {
      leaving = state === 'live'
      // The close frame may stay behind when the page goes; the beacon does not.
      env.farewell(`${httpBase(url)}/api/unload`, token)
      socket?.close(GONE)
    },
    close() {
      finish('request.replaced')
    },
  }
}

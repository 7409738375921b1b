import { LIMITS, type Out, parseServerFrame, type session } from '@yuntang/protocol'
import { fromWire, YuntangError } from '../errors.ts'
import type { LinkEnv, Socket } from './env.ts'

/** The server's greeting. */
export type Hello = Out<(typeof session)['requests']['hello']>

/** What the page says in its greeting. */
export interface Greeting {
  readonly instance: string
  readonly resume?: { readonly token: string; readonly seen: number }
}

/** A greeted socket; its handlers are the taker's to set at once. */
export interface Greeted {
  readonly socket: Socket
  readonly url: string
  readonly hello: Hello
}

const SDK_NAME = 'yuntang-web/0.1.0'
/** Greetings are outside the numbering of requests. */
const HELLO_ID = 1_000_000_000

/** Drops a socket that nobody listens to any more. */
export const abandon = (socket: Socket, code?: number) => {
  socket.onopen = null
  socket.onmessage = null
  socket.onclose = null
  socket.close(code)
}

const greetOne = (
  url: string,
  greeting: Greeting,
  env: LinkEnv,
  signal: AbortSignal,
  limit: number,
) =>
  new Promise<Greeted>((resolve, reject) => {
    signal.throwIfAborted()
    const socket = env.openSocket(url)
    let opened = false
    const settle = (finish: () => void) => {
      cancelTimer()
      signal.removeEventListener('abort', aborted)
      finish()
    }
    const fail = (error: unknown) =>
      settle(() => {
        abandon(socket)
        reject(error)
      })
    const aborted = () => fail(signal.reason)
    const cancelTimer = env.after(limit, () => fail(new YuntangError('connection.failed')))
    signal.addEventListener('abort', aborted, { once: true })

    socket.onclose = () =>
      fail(new YuntangError(opened ? 'connection.socket' : 'connection.failed'))
    socket.onopen = () => {
      opened = true
      const params = { protocol: LIMITS.protocolVersion, sdk: SDK_NAME, ...greeting }
      socket.send(JSON.stringify({ id: HELLO_ID, method: 'session.hello', params }))
    }
    socket.onmessage = ({ data }) => {
      const frame = typeof data === 'string' ? parseServerFrame(data) : null
      if (frame && 'refused' in frame) fail(fromWire(frame.refused))
      else if (frame && 'hello' in frame)
        settle(() => resolve({ socket, url, hello: frame.hello as Hello }))
    }
  })

/**
 * Tries the addresses in turn, each for T_CONNECT or `limit`, until one greets.
 * Rejects with the last address's error, at once with a server's refusal, or with the abort's reason.
 */
export const dial = async (
  urls: readonly string[],
  greeting: Greeting,
  env: LinkEnv,
  signal: AbortSignal,
  limit: number = LIMITS.connect,
): Promise<Greeted> => {
  let last: unknown = new YuntangError('connection.none')
  for (const url of urls) {
    try {
      return await greetOne(url, greeting, env, signal, limit)
    } catch (error) {
      if (signal.aborted) throw signal.reason
      if (error instanceof YuntangError && !error.code.startsWith('connection.')) throw error
      last = error instanceof YuntangError ? error : new YuntangError('connection.failed')
    }
  }
  throw last
}

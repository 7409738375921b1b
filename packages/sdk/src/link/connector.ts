import { type In, LIMITS, type Method, type Out, type Requests } from '@yuntang/protocol'
import { YuntangError } from '../errors.ts'
import { type PageOrigin, socketUrls } from './addresses.ts'
import { createAttempt } from './attempt.ts'
import { abandon, dial, type Hello } from './dial.ts'
import type { LinkEnv } from './env.ts'
import { createLink, GONE, type Link, type LinkHandlers } from './link.ts'

/** Opens links of one page and remembers which address worked. */
export interface Connector {
  /** Whether there is an address to try. */
  usable(server: string | readonly string[]): boolean
  /** Rejects like {@link dial}. */
  connect(
    server: string | readonly string[],
    handlers: LinkHandlers,
    signal: AbortSignal,
  ): Promise<Link>
  /** The server's greeting, over a socket that ends with it. Rejects like {@link dial}. */
  greet(server: string | readonly string[], signal?: AbortSignal): Promise<Hello>
  /** One request over a link of its own, within T_REQUEST. */
  sendOnce<M extends Method>(
    server: string | readonly string[],
    method: M,
    params: In<Requests[M]>,
    signal?: AbortSignal,
  ): Promise<Out<Requests[M]>>
}

const SILENT: LinkHandlers = { event() {}, state() {}, ended() {} }

/** One per page load: `getRandomValues` also exists outside secure contexts. */
const makeInstance = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('')

export const createConnector = (env: LinkEnv, page: PageOrigin | null): Connector => {
  const instance = makeInstance()
  let lastWorked: string | null = null
  const connector: Connector = {
    usable: (server) => socketUrls(server, page, lastWorked).length > 0,
    async connect(server, handlers, signal) {
      const urls = socketUrls(server, page, lastWorked)
      const greeted = await dial(urls, { instance }, env, signal)
      lastWorked = greeted.url
      return createLink(greeted, instance, urls, env, handlers)
    },
    async greet(server, signal) {
      const late = () => new YuntangError('connection.timeout')
      const attempt = createAttempt(env.after, LIMITS.request, late, signal)
      try {
        const urls = socketUrls(server, page, lastWorked)
        const { socket, hello } = await dial(urls, { instance }, env, attempt.signal)
        abandon(socket, GONE)
        return hello
      } finally {
        attempt.done()
      }
    },
    async sendOnce(server, method, params, signal) {
      const late = () => new YuntangError('request.timeout')
      const attempt = createAttempt(env.after, LIMITS.request, late, signal)
      try {
        const own = await connector.connect(server, SILENT, attempt.signal)
        return await own.send(method, params, attempt.signal).finally(own.close)
      } finally {
        attempt.done()
      }
    },
  }
  return connector
}

import { type PageOrigin, socketUrls } from './addresses.ts'
import { dial } from './dial.ts'
import type { LinkEnv } from './env.ts'
import { createLink, type Link, type LinkHandlers } from './link.ts'

/** Opens links of one page and remembers which address worked. */
export interface Connector {
  /** Rejects like {@link dial}. */
  connect(
    server: string | readonly string[],
    handlers: LinkHandlers,
    signal: AbortSignal,
  ): Promise<Link>
}

/** One per page load: `getRandomValues` also exists outside secure contexts. */
const makeInstance = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('')

export const createConnector = (env: LinkEnv, page: PageOrigin | null): Connector => {
  const instance = makeInstance()
  let lastWorked: string | null = null
  return {
    async connect(server, handlers, signal) {
      const urls = socketUrls(server, page, lastWorked)
      const greeted = await dial(urls, { instance }, env, signal)
      lastWorked = greeted.url
      return createLink(greeted, instance, urls, env, handlers)
    },
  }
}

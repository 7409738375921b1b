import type { In, Method, Requests } from '@yuntang/protocol'
import type { Connector } from '../link/connector.ts'
import type { Link, LinkHandlers, Send } from '../link/link.ts'

/** The client's one link to the server, made when first needed. */
export interface Connection {
  server: string | readonly string[]
  readonly link: Link | null
  /** The link there is, or a new one. */
  connect(signal: AbortSignal): Promise<Link>
  /** Over whatever link there is, or one of its own. */
  readonly sendAsAnyone: Send
  /** Tells the server something without caring for the answer; nothing happens without a link. */
  tell<M extends Method>(method: M, params: In<Requests[M]>): void
  /** Ends the link silently. */
  close(): void
  /** The link ended by itself. */
  forget(): void
}

export const createConnection = (
  connector: Connector,
  handlers: LinkHandlers,
  server: string | readonly string[],
): Connection => {
  let link: Link | null = null
  const connection: Connection = {
    server,
    get link() {
      return link
    },
    async connect(signal) {
      if (link) return link
      const fresh = await connector.connect(connection.server, handlers, signal)
      if (signal.aborted) {
        fresh.close()
        throw signal.reason
      }
      // A login and a guest's entry may have connected at the same time.
      if (link) fresh.close()
      link ??= fresh
      return link
    },
    sendAsAnyone: (method, params, signal) =>
      link
        ? link.send(method, params, signal)
        : connector.sendOnce(connection.server, method, params, signal),
    tell(method, params) {
      link?.send(method, params).catch(() => {})
    },
    close() {
      link?.close()
      link = null
    },
    forget() {
      link = null
    },
  }
  return connection
}

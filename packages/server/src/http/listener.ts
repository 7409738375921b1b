import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import type { Clock } from '../core/clock.ts'
import { StartError } from '../core/start-error.ts'

/** Requests that run when the server closes may finish within this time. */
const GRACE_MS = 1000

/** Where to listen. */
export interface ListenAt {
  /** Null: every address, IPv6 and IPv4. */
  readonly host: string | null
  /** 0: any free port. */
  readonly port: number
}

const sentenceFor = (code: unknown, { host, port }: ListenAt): string | null => {
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port} is in use by another program; stop that one, or set PORT to another number.`
    case 'EACCES':
      return `Port ${port} may not be used by this user; set PORT to a number above 1023.`
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EINVAL':
      return `HOST "${host}" is not an address of this machine.`
    default:
      return null
  }
}

const listen = (server: Server, at: ListenAt): Promise<number> =>
  new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException) => {
      const sentence = sentenceFor(error.code, at)
      reject(sentence ? new StartError(sentence, { cause: error }) : error)
    }
    server.once('error', failed)
    // Without a host Node takes `::` with IPv4 mapped into it, or 0.0.0.0 where there is no IPv6.
    server.listen({ port: at.port, ...(at.host === null ? {} : { host: at.host }) }, () => {
      server.off('error', failed)
      const address = server.address()
      resolve(typeof address === 'object' && address ? address.port : at.port)
    })
  })

/** Starts and stops a server, and knows every connection of it, upgraded ones too. */
export const createListener = (server: Server, clock: Clock) => {
  const sockets = new Set<Socket>()
  // A TLS server announces the raw connection; ending that one ends what runs over it.
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  let closing: Promise<void> | null = null

  const close = () =>
    new Promise<void>((resolve) => {
      const cancel = clock.schedule(GRACE_MS, () => {
        for (const socket of sockets) socket.destroy()
      })
      server.close(() => {
        cancel()
        resolve()
      })
      server.closeIdleConnections()
    })

  return {
    /** Resolves with the port. @throws StartError with one plain sentence. */
    listen: (at: ListenAt) => listen(server, at),
    /** Ends idle connections at once and the others after a moment. Idempotent. */
    close() {
      closing ??= server.listening ? close() : Promise.resolve()
      return closing
    },
  }
}

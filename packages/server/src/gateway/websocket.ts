import { type IncomingMessage, type Server, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { LIMITS } from '@yuntang/protocol'
import { type WebSocket, WebSocketServer } from 'ws'
import { type ClientOf, createClientAddress } from '../http/client-address.ts'
import { isOriginAllowed } from '../http/origins.ts'
import { BulkQueue } from './bulk.ts'
import type { Gateway } from './gateway.ts'
import type { LinkSocket } from './link.ts'
import { Newcomers } from './newcomers.ts'

/** A peer that lets this much pile up unread is cut off; a resume brings it back. */
const UNREAD_BYTES = 8 * 1024 * 1024
/** Text and control messages of one socket per second; a page at work sends far fewer. */
const MESSAGES_PER_SECOND = 2000
/** Sockets of one address without login or seat; an office of that size may open the page at once. */
const NEWCOMERS_PER_ADDRESS = 512

export interface WebSocketOptions {
  /** Null: pages of any origin. */
  readonly origins: readonly string[] | null
  /** True when this server itself speaks TLS. */
  readonly secure: boolean
  readonly client?: ClientOf
  readonly newcomersPerAddress?: number
}

const HOST = /^[\w.-]+(:\d{1,5})?$|^\[[0-9a-fA-F:.]+\](:\d{1,5})?$/

/** The name under which the page reached us; a header that is none counts as missing. */
const hostOf = (request: IncomingMessage): string => {
  const { host = '' } = request.headers
  return host.length <= 255 && HOST.test(host) ? host : 'localhost'
}

const refuse = (socket: Duplex, status: number): void => {
  // Nobody else listens any more: a reset by the peer would otherwise end the process.
  socket.on('error', () => {})
  socket.once('finish', () => socket.destroy())
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\n\r\n`)
}

/** The socket as the gateway uses it: what its peer does not read is bounded. */
const bounded = (ws: WebSocket, bulk: BulkQueue): LinkSocket => ({
  send(text) {
    if (ws.bufferedAmount > UNREAD_BYTES) ws.terminate()
    else ws.send(text)
  },
  sendBinary: (frame) => bulk.push(frame),
  ping() {
    if (ws.bufferedAmount <= UNREAD_BYTES) ws.ping()
  },
  close: (code, reason) => ws.close(code, reason),
  get bufferedAmount() {
    return ws.bufferedAmount
  },
})

/** False once a peer sends more in a second than any page does. */
const createFloodGate = () => {
  let second = 0
  let count = 0
  return (): boolean => {
    const now = Math.floor(performance.now() / 1000)
    if (now !== second) count = 0
    second = now
    count += 1
    return count <= MESSAGES_PER_SECOND
  }
}

/** Attaches the gateway to `/ws` of an HTTP server. */
export const attachWebSockets = (
  server: Server,
  gateway: Gateway,
  options: WebSocketOptions,
): { close(): void } => {
  const client = options.client ?? createClientAddress([])
  const newcomers = new Newcomers(options.newcomersPerAddress ?? NEWCOMERS_PER_ADDRESS)
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: LIMITS.frameBytes,
    // A compressed message could be far larger than what came in.
    perMessageDeflate: false,
    autoPong: false,
  })

  const connected = (ws: WebSocket, request: IncomingMessage) => {
    const bulk = new BulkQueue((frame, written) => ws.send(frame, written))
    const address = client.address(request)
    const scheme = (client.secure(request) ?? options.secure) ? 'https' : 'http'
    const session = gateway.accept(bounded(ws, bulk), {
      base: `${scheme}://${hostOf(request)}`,
      address,
    })
    const leave = newcomers.add(address, session)
    const admits = createFloodGate()
    const guarded = (handle: () => void) => {
      if (admits()) handle()
      else ws.terminate()
    }
    ws.on('message', (data, binary) =>
      guarded(() => {
        if (binary) session.binary(data as Buffer<ArrayBuffer>)
        else session.message(data.toString())
      }),
    )
    ws.on('pong', () => session.alive())
    ws.on('ping', (data) =>
      guarded(() => {
        if (ws.bufferedAmount <= UNREAD_BYTES) ws.pong(data)
      }),
    )
    ws.on('close', (code) => {
      bulk.clear()
      // What it opened may wait as long for its return: it counts meanwhile.
      if (session.unproven()) setTimeout(leave, gateway.options.resumeWindow).unref()
      else leave()
      session.closed(code)
    })
    ws.on('error', () => ws.terminate())
  }

  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const path = (request.url ?? '').split('?', 1)[0]
    const { origin, host } = request.headers
    if (path !== '/ws') refuse(socket, 404)
    else if (!isOriginAllowed(options.origins, origin, host)) refuse(socket, 403)
    else if (!newcomers.admits(client.address(request))) refuse(socket, 429)
    else sockets.handleUpgrade(request, socket, head, (ws) => connected(ws, request))
  }

  server.on('upgrade', upgrade)
  return {
    close() {
      server.off('upgrade', upgrade)
      for (const ws of sockets.clients) ws.terminate()
      sockets.close()
    },
  }
}

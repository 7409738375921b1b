import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { LIMITS } from '@yuntang/protocol'
import { type WebSocket, WebSocketServer } from 'ws'
import { isOriginAllowed } from '../http/origins.ts'
import { BulkQueue } from './bulk.ts'
import type { Gateway } from './gateway.ts'
import type { LinkSocket } from './link.ts'

/** Attaches the gateway to `/ws` of an HTTP server; `origins` null means any. */
export const attachWebSockets = (
  server: Server,
  gateway: Gateway,
  options: { origins: readonly string[] | null; secure: boolean },
): { close(): void } => {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: LIMITS.frameBytes })

  const connected = (ws: WebSocket, request: IncomingMessage) => {
    const bulk = new BulkQueue((frame, written) => ws.send(frame, written))
    const socket: LinkSocket = {
      send: (text) => ws.send(text),
      sendBinary: (frame) => bulk.push(frame),
      close: (code, reason) => ws.close(code, reason),
      ping: () => ws.ping(),
      get bufferedAmount() {
        return ws.bufferedAmount
      },
    }
    const session = gateway.accept(socket, {
      base: `${options.secure ? 'https' : 'http'}://${request.headers.host ?? 'localhost'}`,
      address: request.socket.remoteAddress ?? '',
    })
    ws.on('message', (data, binary) => {
      if (binary) session.binary(data as Buffer<ArrayBuffer>)
      else session.message(data.toString())
    })
    ws.on('pong', () => session.alive())
    ws.on('close', (code) => {
      bulk.clear()
      session.closed(code)
    })
    ws.on('error', () => ws.terminate())
  }

  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const path = (request.url ?? '').split('?', 1)[0]
    const { origin, host } = request.headers
    const allowed = isOriginAllowed(options.origins, origin, host)
    if (path !== '/ws' || !allowed) {
      socket.end(
        `HTTP/1.1 ${path === '/ws' ? '403 Forbidden' : '404 Not Found'}\r\nConnection: close\r\n\r\n`,
      )
      return
    }
    sockets.handleUpgrade(request, socket, head, (ws) => connected(ws, request))
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

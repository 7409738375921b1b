import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type MediaRoom, RoomError } from './media-room.ts'
import { PAGE } from './page.ts'

const SDP = 'application/sdp'
const MAX_SDP = 256 * 1024
const MAX_SOCKETS = 1024
const SLOW_MS = 10_000
const MAX_NAMES = 64
/** Pages of any origin may use it: there is nothing to log in to, and it listens to this host only. */
const CORS = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'Location',
  'access-control-max-age': '600',
}

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const type = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase()
  if (type !== SDP) throw new RoomError(415, `The body is to be ${SDP}`)
  const tooLarge = new RoomError(413, `A description has at most ${MAX_SDP} bytes`)
  if (Number(request.headers['content-length'] ?? 0) > MAX_SDP) throw tooLarge
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = []
    let size = 0
    // Read to its end, but not kept: leaving early would cut the socket before the answer.
    request.on('data', (part: Buffer) => {
      size += part.length
      if (size > MAX_SDP) reject(tooLarge)
      else parts.push(part)
    })
    request.on('end', () => resolve(Buffer.concat(parts).toString('utf8')))
    request.on('close', () => reject(new RoomError(400, 'The body did not end')))
  })
}

const viewOf = (query: URLSearchParams) => {
  const from = query.get('from')
  const names = from ? from.split(',') : null
  if (names && names.length > MAX_NAMES) throw new RoomError(400, `At most ${MAX_NAMES} publishers`)
  const height = Number(query.get('height') ?? 2160)
  if (!Number.isInteger(height) || height < 1 || height > 4320)
    throw new RoomError(400, 'height is a number of pixels')
  return { from: names, height }
}

/** What each kind of address takes; `id` is what follows its first part. */
interface Resource {
  readonly methods: Readonly<
    Record<string, (request: IncomingMessage, response: ServerResponse) => Promise<void> | void>
  >
}

const send = (response: ServerResponse, status: number, headers: object, body = ''): void => {
  response.writeHead(status, { ...CORS, ...headers })
  response.end(body)
}

const text = { 'content-type': 'text/plain; charset=utf-8' }
const json = { 'content-type': 'application/json' }

const created = (response: ServerResponse, { id, answer }: { id: string; answer: string }): void =>
  send(response, 201, { 'content-type': SDP, location: `/session/${id}` }, answer)

const resourceOf = (room: MediaRoom, url: URL, figures: () => object): Resource | null => {
  const [, kind = '', id = '', more] = url.pathname.split('/')
  if (more !== undefined) return null
  if (kind === 'whip')
    return {
      methods: {
        POST: async (q, r) => created(r, await room.publish(id, await bodyOf(q))),
      },
    }
  if (kind === 'whep' && !id)
    return {
      methods: {
        POST: async (q, r) => {
          const view = viewOf(url.searchParams)
          created(r, await room.view(view, await bodyOf(q)))
        },
      },
    }
  if (kind === 'session' && id)
    return {
      methods: {
        DELETE: async (_, r) => {
          if (!(await room.end(id))) throw new RoomError(404, 'There is no such session')
          send(r, 200, {})
        },
      },
    }
  if (kind === 'publishers' && !id)
    return { methods: { GET: (_, r) => send(r, 200, json, JSON.stringify(room.publishers)) } }
  if (kind === 'figures' && !id)
    return { methods: { GET: (_, r) => send(r, 200, json, JSON.stringify(figures())) } }
  if (kind === '' && !id)
    return {
      methods: {
        GET: (_, r) => send(r, 200, { 'content-type': 'text/html; charset=utf-8' }, PAGE),
      },
    }
  return null
}

const addressOf = (target: string): URL | null => {
  try {
    return new URL(target, 'http://room')
  } catch {
    return null
  }
}

const handle = async (
  room: MediaRoom,
  request: IncomingMessage,
  response: ServerResponse,
  figures: () => object,
): Promise<void> => {
  const url = addressOf(request.url ?? '/')
  const resource = url && resourceOf(room, url, figures)
  if (!resource) throw new RoomError(404, 'There is nothing at this address')
  const allow = [...Object.keys(resource.methods), 'OPTIONS'].join(', ')
  const method = request.method ?? ''
  // RFC 9725 §4.2: a preflight is always answered.
  if (method === 'OPTIONS')
    return send(response, 204, {
      allow,
      'access-control-allow-methods': allow,
      'access-control-allow-headers': 'Content-Type, Authorization',
      'accept-post': SDP,
    })
  const run = Object.hasOwn(resource.methods, method) ? resource.methods[method] : undefined
  // RFC 9725 §4.3: neither trickled candidates nor restarts, so PATCH is not there.
  if (!run) return send(response, 405, { ...text, allow }, `Only ${allow}\n`)
  await run(request, response)
}

const refuse = (response: ServerResponse, error: unknown): void => {
  if (response.headersSent || response.destroyed) return
  const known = error instanceof RoomError
  const status = known ? error.status : 500
  const more = status === 503 ? { 'retry-after': '5' } : {}
  const detail = known ? error.message : 'The media engine failed'
  send(response, status, { ...text, ...more }, `${detail}\n`)
}

/** The room's signalling in the way of WHIP (RFC 9725) and WHEP. */
export const createSignalling = (room: MediaRoom, figures: () => object): Server => {
  const server = createServer(
    { headersTimeout: SLOW_MS, requestTimeout: SLOW_MS, maxHeaderSize: 8192 },
    (request, response) => {
      handle(room, request, response, figures).catch((error) => refuse(response, error))
    },
  )
  server.maxConnections = MAX_SOCKETS
  return server
}

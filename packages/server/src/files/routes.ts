import type { Socket } from 'node:net'
import { Server as TusServer } from '@tus/server'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { isOriginAllowed } from '../http/origins.ts'
import type { BlobStore } from './blob-store.ts'
import { answerTo } from './blob-uploads.ts'
import { sendBlob } from './send-blob.ts'
import { FILES, type FileGrant, type SignedPaths, UPLOADS } from './signed-paths.ts'

/** A connection of a transfer on which nothing moves for so long is given up. */
const IDLE_MS = 60_000

export interface FileRoutesDeps {
  readonly blobs: BlobStore
  readonly paths: SignedPaths
  /** Null: any. */
  readonly allowedOrigins: readonly string[] | null
}

/** Files come in parts of half a second, from many people behind one address. */
const PARTS_PER_MINUTE = 12_000

interface FileRequest {
  Params: { blob: string }
  Querystring: Partial<Record<'name' | 'show' | 'expires' | 'signature', string>>
}

const grantOf = (
  action: FileGrant['action'],
  { params, query }: FastifyRequest<FileRequest>,
): FileGrant => ({
  action,
  blob: params.blob,
  name: text(query.name),
  type: text(query.show),
})

/** A repeated parameter arrives as an array. */
const text = (value: unknown): string => (typeof value === 'string' ? value : '')

const readGrant = (request: FastifyRequest<FileRequest>): FileGrant =>
  grantOf(request.query.show === undefined ? 'get' : 'show', request)

/**
 * Contents of files over HTTP: resumable uploads (tus 1.0, HEAD and PATCH) to blobs that a domain
 * made, and downloads with ranges. Every path is signed; the domains hand them out.
 */
export const fileRoutes = async (app: FastifyInstance, deps: FileRoutesDeps): Promise<void> => {
  const { blobs, paths } = deps
  const tus = new TusServer({
    path: UPLOADS,
    datastore: blobs.uploads,
    getFileIdFromRequest: (request) => new URL(request.url).pathname.split('/').at(-1),
    onResponseError: (_request, error) => answerTo(error) ?? undefined,
    ...(deps.allowedOrigins ? { allowedOrigins: [...deps.allowedOrigins] } : {}),
  })
  const watched = new WeakSet<Socket>()
  /** A connection carries many parts, and is watched once. */
  const watch = (socket: Socket) => {
    if (!watched.has(socket)) socket.on('timeout', () => socket.destroy())
    watched.add(socket)
    socket.setTimeout(IDLE_MS)
  }
  const permit =
    (grant: (request: FastifyRequest<FileRequest>) => FileGrant) =>
    async (request: FastifyRequest<FileRequest>, reply: FastifyReply) => {
      const { origin, host } = request.headers
      if (!isOriginAllowed(deps.allowedOrigins, origin, host))
        return reply.code(403).send({ error: 'Pages of this origin may not use the server.' })
      const { expires, signature } = request.query
      const query = { expires: text(expires), signature: text(signature) }
      if (!paths.check(grant(request), query))
        return reply
          .code(403)
          .send({ error: 'This link is not valid any more; ask for a new one.' })
      watch(request.raw.socket)
      return undefined
    }

  await app.register(async (scope) => {
    // The body of an upload is a stream that tus reads by itself.
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', (_request, _payload, done) => done(null))
    scope.route<FileRequest>({
      method: ['HEAD', 'PATCH'],
      url: `${UPLOADS}/:blob`,
      config: { unhurried: true, rateLimit: { max: PARTS_PER_MINUTE } },
      onRequest: permit((request) => grantOf('put', request)),
      async handler(request, reply) {
        reply.hijack()
        await tus.handle(request.raw, reply.raw)
      },
    })
  })

  app.route<FileRequest>({
    method: ['GET', 'HEAD'],
    url: `${FILES}/:blob`,
    config: { unhurried: true },
    onRequest: permit(readGrant),
    async handler(request, reply) {
      const { action, ...file } = readGrant(request)
      return sendBlob(blobs, { ...file, show: action === 'show' }, request, reply)
    },
  })
}

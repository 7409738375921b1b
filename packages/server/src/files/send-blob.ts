import type { FastifyReply, FastifyRequest } from 'fastify'
import type { BlobStore } from './blob-store.ts'
import { parseRange } from './byte-range.ts'
import { mediaTypeOf } from './media-type.ts'

export interface SentBlob {
  readonly blob: string
  /** Decides the media type where `type` is empty or none that can be shown. */
  readonly name: string
  readonly type: string
  /** Sound and films may be shown in place; everything else is saved as a file. */
  readonly show: boolean
}

/** Contents of users: never a document of ours, nothing of it runs. */
const SAVED = "sandbox; default-src 'none'"
/** A browser plays a film by asking for it again, which a document without an origin may not. */
const SHOWN = "sandbox allow-same-origin; default-src 'none'; media-src 'self'"

/** Nothing of these kinds can run a script. */
const SHOWABLE = /^(audio|video)\/[\w.+-]{1,40}$/

const encoded = (name: string) =>
  encodeURIComponent(name).replace(
    /['()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  )

/** Answers GET and HEAD with a blob, or the part of it that is asked for. */
export const sendBlob = async (
  blobs: BlobStore,
  { blob, name, type: wanted, show }: SentBlob,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> => {
  const size = await blobs.length(blob)
  if (size === null) return reply.code(404).send({ error: 'This file does not exist any more.' })
  const type = SHOWABLE.test(wanted) ? wanted : mediaTypeOf(name)
  const inPlace = show && SHOWABLE.test(type)
  reply.headers({
    'accept-ranges': 'bytes',
    'cache-control': 'private, no-cache',
    'content-security-policy': inPlace ? SHOWN : SAVED,
    'content-disposition': `${inPlace ? 'inline' : 'attachment'}; filename*=UTF-8''${encoded(name)}`,
    'cross-origin-resource-policy': 'cross-origin',
    etag: `"${blob}"`,
  })
  reply.type(type)
  const range = parseRange(request.headers.range, size)
  if (range === 'outside') return reply.code(416).header('content-range', `bytes */${size}`).send()
  const { start, end } = range ?? { start: 0, end: size - 1 }
  if (range) reply.code(206).header('content-range', `bytes ${start}-${end}/${size}`)
  reply.header('content-length', end - start + 1)
  if (request.method === 'HEAD') return reply.send()
  return reply.send(size === 0 ? '' : blobs.read(blob, { start, end }))
}

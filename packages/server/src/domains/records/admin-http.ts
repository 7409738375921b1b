import { LIMITS, ProtocolError } from '@yuntang/protocol'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { BlobStore } from '../../files/blob-store.ts'
import { sendBlob } from '../../files/send-blob.ts'
import { type AdminDoor, accountIn, adminOnly, NO_ACCOUNT, refuse } from '../../http/admin-door.ts'
import { fileOf, manifestFileOf, storedRecord } from './handlers.ts'
import type { Confirmed, Records } from './records.ts'

export interface RecordsHttpDeps extends AdminDoor {
  readonly records: Records
  readonly blobs: BlobStore
}

interface ListQuery {
  before?: unknown
  limit?: unknown
}

/** What a list request asks for; null when it cannot be read. */
const readPage = ({ before, limit = '50' }: ListQuery) => {
  const count = typeof limit === 'string' && /^\d{1,3}$/.test(limit) ? Number(limit) : 0
  const isId = before === undefined || (typeof before === 'string' && /^[\w-]{1,64}$/.test(before))
  if (count < 1 || count > LIMITS.recordsPerFrame || !isId) return null
  return { limit: count, ...(typeof before === 'string' && { before }) }
}

/** `/api/v1/records`: the administrator sees, fetches and deletes recordings (spec 06 §9). */
export const recordsApi = (deps: RecordsHttpDeps) => async (app: FastifyInstance) => {
  const { records, blobs } = deps
  adminOnly(app, deps.token)

  /** Answers 404 itself and null when there is none. */
  const recordOf = async (
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<Confirmed | null> => {
    const account = await accountIn(deps, request)
    const { id } = request.params as { id: string }
    try {
      if (account !== null && /^[\w-]{1,64}$/.test(id)) return await records.find(account, null, id)
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error
    }
    refuse(reply, 404, 'There is no such recording.')
    return null
  }

  app.get('/api/v1/records', async (request, reply) => {
    const account = await accountIn(deps, request)
    if (account === null) return refuse(reply, 404, NO_ACCOUNT)
    const page = readPage(request.query as ListQuery)
    if (!page)
      return refuse(
        reply,
        400,
        `limit is a number from 1 to ${LIMITS.recordsPerFrame}, before the id of a recording.`,
      )
    const found = await records.list(account, null, page)
    return { records: found.map(storedRecord), ...(await records.usage(account)) }
  })
  app.get('/api/v1/records/:id', async (request, reply) => {
    const record = await recordOf(request, reply)
    return record ? storedRecord(record) : reply
  })
  app.get(
    '/api/v1/records/:id/content',
    { config: { unhurried: true } },
    async (request, reply) => {
      const record = await recordOf(request, reply)
      if (!record) return reply
      return sendBlob(blobs, { ...fileOf(record), show: false }, request, reply)
    },
  )
  app.get('/api/v1/records/:id/manifest', async (request, reply) => {
    const record = await recordOf(request, reply)
    if (!record) return reply
    if (!record.manifest) return refuse(reply, 404, 'This recording has no manifest.')
    return sendBlob(blobs, { ...manifestFileOf(record), show: false }, request, reply)
  })
  app.delete('/api/v1/records/:id', async (request, reply) => {
    const record = await recordOf(request, reply)
    if (!record) return reply
    await records.remove(record.account, null, record.id)
    return reply.code(204).send()
  })
}

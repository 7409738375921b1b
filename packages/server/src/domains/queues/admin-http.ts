import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type AdminDoor, accountIn, adminOnly, NO_ACCOUNT, refuse } from '../../http/admin-door.ts'
import { QueueConflict, type QueueRecord, type QueueSettings } from '../../storage/port.ts'
import { readQueue, writtenOf } from './definitions.ts'
import type { Queues } from './open.ts'
import { statusOf } from './views.ts'

export interface AdminHttpDeps extends AdminDoor {
  readonly queues: Queues
}

/** Answers for one queue: its settings and what goes on in it. */
const view = (queues: Queues, record: QueueRecord) => {
  const live = queues.desks.of(record.account).state.queues.get(record.id)
  const {
    agents: serving,
    waiting,
    served,
  } = live ? statusOf(live) : { agents: 0, waiting: 0, served: 0 }
  return {
    id: record.id,
    ...writtenOf(record),
    createdAt: record.createdAt,
    updatedAt: record.updatedAt,
    serving,
    waiting,
    served,
  }
}

/** `/api/v1/queues`: the administrator makes, changes and deletes queues (spec 05 §9, §10). */
export const queuesApi = (deps: AdminHttpDeps) => async (app: FastifyInstance) => {
  const { queues } = deps

  adminOnly(app, deps.token)

  const accountOf = (request: FastifyRequest) => accountIn(deps, request)
  const recordOf = async (request: FastifyRequest): Promise<QueueRecord | undefined> => {
    const { id } = request.params as { id: string }
    const record = /^\d{1,15}$/.test(id) ? queues.find(Number(id)) : undefined
    return record && record.account === (await accountOf(request)) ? record : undefined
  }
  const write = async (
    reply: FastifyReply,
    body: unknown,
    store: (queue: QueueSettings) => Promise<QueueRecord | null>,
    none: string,
  ) => {
    const read = readQueue(body)
    if (typeof read === 'string') return refuse(reply, 400, read)
    try {
      const record = await store(read)
      return record ? reply.send(view(queues, record)) : refuse(reply, 404, none)
    } catch (error) {
      if (error instanceof QueueConflict) return refuse(reply, 409, `${error.message}.`)
      throw error
    }
  }

  app.get('/api/v1/queues', async (request, reply) => {
    const account = await accountOf(request)
    if (account === null) return refuse(reply, 404, NO_ACCOUNT)
    return { queues: queues.list(account).map((record) => view(queues, record)) }
  })
  app.post('/api/v1/queues', async (request, reply) => {
    const account = await accountOf(request)
    if (account === null) return refuse(reply, 404, NO_ACCOUNT)
    reply.code(201)
    const make = (queue: QueueSettings) => queues.create(account, queue)
    return write(reply, request.body, make, 'The account has as many queues as it may have.')
  })
  app.get('/api/v1/queues/:id', async (request, reply) => {
    const record = await recordOf(request)
    return record ? view(queues, record) : refuse(reply, 404, 'There is no such queue.')
  })
  app.put('/api/v1/queues/:id', async (request, reply) => {
    const record = await recordOf(request)
    if (!record) return refuse(reply, 404, 'There is no such queue.')
    const change = (queue: QueueSettings) => queues.update(record.id, () => queue)
    return write(reply, request.body, change, 'There is no such queue.')
  })
  app.delete('/api/v1/queues/:id', async (request, reply) => {
    const record = await recordOf(request)
    if (!record) return refuse(reply, 404, 'There is no such queue.')
    await queues.delete(record.id)
    return reply.code(204).send()
  })
}

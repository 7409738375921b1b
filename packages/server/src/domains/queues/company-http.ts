import type { FastifyError, FastifyInstance, FastifyRequest } from 'fastify'
import type { Log } from '../../core/log.ts'
import { QueueConflict, type QueueRecord } from '../../storage/port.ts'
import type { AdminToken } from './admin-token.ts'
import { ADD, COMPANY, fieldsOf, MODIFY, QUERY, reader, WHICH } from './company-params.ts'
import type { Queues } from './open.ts'
import { offeredIn, statusOf } from './views.ts'

export interface CompanyHttpDeps {
  readonly queues: Queues
  readonly log: Log
  /** Its text is the company's secret. */
  readonly token: AdminToken
  isAccount(name: string): Promise<boolean>
}

/** Spec 05 §9. */
const CODES = {
  success: '0',
  noPermission: '1',
  noAccount: '2',
  wrongSecret: '3',
  wrongParameters: '4',
  unknown: '5',
  notUnique: '6',
} as const

interface Answer {
  readonly RspCode: (typeof CODES)[keyof typeof CODES]
  readonly RspDesc: string
  readonly Data: object
}
type Fields = Record<string, unknown>

const done = (Data: object = {}): Answer => ({ RspCode: CODES.success, RspDesc: 'Success', Data })
const refused = (code: keyof typeof CODES, sentence: string): Answer => ({
  RspCode: CODES[code],
  RspDesc: sentence,
  Data: {},
})

const PREFIX = '/CLOUDROOM-API/queue'
const PAGE_SIZE = 20
const NO_QUEUE = refused('wrongParameters', 'There is no such queue.')
const TOO_MANY = refused('noPermission', 'Too many requests; wait a minute.')
const TAKEN = refused('notUnique', 'A queue of this name exists.')

/** `YYYY-MM-DD HH:mm:ss` in the server's time zone. */
const timeText = (ms: number): string => {
  const at = new Date(ms - new Date(ms).getTimezoneOffset() * 60_000)
  return at.toISOString().slice(0, 19).replace('T', ' ')
}

/** An app account is a company of its own here: `Global` is kept, and shows a queue nowhere else. */
const settingsOf = (q: QueueRecord) => ({
  QueueID: q.id,
  QueueName: q.name,
  Priority: q.priority,
  Global: q.global ? 1 : 0,
  QueueDesc: q.desc,
  CreateTime: timeText(q.createdAt),
})

const readers = {
  company: reader(COMPANY),
  add: reader(ADD),
  which: reader(WHICH),
  modify: reader(MODIFY),
  query: reader(QUERY),
}

/** `/CLOUDROOM-API/queue/…`: the interface that other programs know, over the same commands. */
export const companyApi = (deps: CompanyHttpDeps) => async (app: FastifyInstance) => {
  const { queues, token, log } = deps

  const live = (q: QueueRecord) => {
    const queue = queues.desks.of(q.account).state.queues.get(q.id)
    const { agents, waiting, served } = queue
      ? statusOf(queue)
      : { agents: 0, waiting: 0, served: 0 }
    return {
      ...settingsOf(q),
      UpdateTime: timeText(q.updatedAt),
      AgentNum: agents,
      SrvNum: served,
      WaitNum: waiting,
      PrepareNum: queue ? offeredIn(queue) : 0,
      MaxWaitNum: q.maxWaiting,
      MaxWaitTime: q.maxWaitMs / 1000,
    }
  }

  /** The one queue that ID and name both mean. */
  const find = (account: string, fields: { QueueID?: number; QueueName?: string }) => {
    const { QueueID: id, QueueName: name } = fields
    if (id === undefined && name === undefined)
      return refused('wrongParameters', 'QueueID or QueueName is missing.')
    const meant = queues.list(account).filter((q) => q.id === id || q.name === name)
    const [queue] = meant
    if (!queue) return NO_QUEUE
    if (meant.length > 1) return refused('notUnique', 'QueueID and QueueName mean two queues.')
    return (id ?? queue.id) === queue.id && (name ?? queue.name) === queue.name ? queue : NO_QUEUE
  }
  const isAnswer = (found: QueueRecord | Answer): found is Answer => 'RspCode' in found

  const operations: Record<string, (account: string, fields: Fields) => Answer | Promise<Answer>> =
    {
      async add(account, fields) {
        const read = readers.add(fields)
        if (typeof read === 'string') return refused('wrongParameters', read)
        const made = await queues.create(account, {
          name: read.QueueName,
          desc: read.QueueDesc ?? '',
          priority: read.Priority ?? 10,
          maxWaiting: 0,
          maxWaitMs: 0,
          agents: null,
          global: read.Global === 1,
        })
        return made
          ? done(settingsOf(made))
          : refused('noPermission', 'The account has as many queues as it may have.')
      },
      async delete(account, fields) {
        const read = readers.which(fields)
        if (typeof read === 'string') return refused('wrongParameters', read)
        const queue = find(account, read)
        if (isAnswer(queue)) return queue
        return (await queues.delete(queue.id)) ? done() : NO_QUEUE
      },
      async modify(account, fields) {
        const read = readers.modify(fields)
        if (typeof read === 'string') return refused('wrongParameters', read)
        const queue = find(account, read)
        if (isAnswer(queue)) return queue
        const changed = await queues.update(queue.id, (now) => ({
          ...now,
          name: read.NewQueueName ?? now.name,
          desc: read.QueueDesc ?? now.desc,
          priority: read.Priority ?? now.priority,
          global: read.Global === undefined ? now.global : read.Global === 1,
        }))
        return changed ? done() : NO_QUEUE
      },
      query(account, fields) {
        const read = readers.query(fields)
        if (typeof read === 'string') return refused('wrongParameters', read)
        const { QueueID: id, QueueName: name = '', QueueDesc: desc = '' } = read
        const found = queues
          .list(account)
          .filter((q) => (id ?? q.id) === q.id && q.name.includes(name) && q.desc.includes(desc))
        const size = read.PageSize ?? PAGE_SIZE
        const from = ((read.PageNumber ?? 1) - 1) * size
        return done({
          queueCount: found.length,
          queueList: found.slice(from, from + size).map(live),
        })
      },
    }

  /** The app account that a request may administer. Only a wrong secret counts as a guess. */
  const permit = async (request: FastifyRequest, fields: Fields): Promise<string | Answer> => {
    const read = readers.company(fields)
    if (typeof read === 'string') return refused('wrongParameters', read)
    if (!token.mayTry(request.raw)) return TOO_MANY
    const { CompID: account, SecretKey, AppId = account } = read
    const right = token.isSecretKey(account, SecretKey)
    if (right) token.giveBack(request.raw)
    if (!(await deps.isAccount(account)))
      return refused('noAccount', 'There is no such account (CompID).')
    if (!right) return refused('wrongSecret', 'The SecretKey is wrong.')
    return AppId === account ? account : refused('noPermission', 'The AppId is not of this CompID.')
  }

  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_request, body, parsed) => parsed(null, Object.fromEntries(new URLSearchParams(`${body}`))),
  )
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const status = error.statusCode ?? 500
    if (status === 429) return reply.code(429).send(TOO_MANY)
    if (status < 500)
      return reply.send(refused('wrongParameters', 'The request could not be read.'))
    log.error({ err: error, method: request.method }, 'A request failed')
    return reply.send(refused('unknown', 'The server failed while handling the request.'))
  })

  for (const [name, operation] of Object.entries(operations))
    app.post(`${PREFIX}/${name}`, async (request, reply): Promise<Answer> => {
      const fields = fieldsOf(request.body)
      if (!fields) return refused('wrongParameters', 'The request has no parameters.')
      const account = await permit(request, fields)
      if (account === TOO_MANY) reply.code(429)
      if (typeof account !== 'string') return account
      try {
        return await operation(account, fields)
      } catch (error) {
        if (error instanceof QueueConflict) return TAKEN
        throw error
      }
    })
}

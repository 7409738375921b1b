import { createHash } from 'node:crypto'
import fastify, { type FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createActivity } from '../../../src/actor/activity.ts'
import { createFakeClock } from '../../../src/core/clock.ts'
import { silentLog } from '../../../src/core/log.ts'
import { companyApi } from '../../../src/domains/queues/company-http.ts'
import { createQueues, type Queues } from '../../../src/domains/queues/open.ts'
import { createAdminToken } from '../../../src/http/admin-token.ts'
import { createClientAddress } from '../../../src/http/client-address.ts'
import { useTestStorage } from '../../support/test-storage.ts'
import { TIMES } from './world.ts'

const SECRET = 'a secret of the company'
const md5 = (text: string) => createHash('md5').update(text).digest('hex')
const company = (name = 'demo') => ({
  RequestId: 'request-1',
  CompID: name,
  SecretKey: md5(`${name}&${SECRET}`),
})

const storage = useTestStorage()
let queues: Queues
let app: FastifyInstance
const clock = createFakeClock()

interface Reply {
  readonly RspCode: string
  readonly RspDesc: string
  readonly Data: Record<string, unknown> & { queueList?: Record<string, unknown>[] }
}
const post = (operation: string, payload: object) =>
  app.inject({ method: 'POST', url: `/CLOUDROOM-API/queue/${operation}`, payload })
const ask = async (operation: string, params: object = {}): Promise<Reply> => {
  const answer = await post(operation, { ...company(), ...params })
  expect(answer.statusCode).toBe(200)
  return answer.json()
}
const add = async (params: object) => (await ask('add', params)).Data.QueueID as number
const names = async (params: object) =>
  (await ask('query', params)).Data.queueList?.map((q) => q.QueueName)

beforeEach(async () => {
  queues = await createQueues({
    clock,
    log: silentLog,
    times: TIMES,
    activity: createActivity(silentLog),
    find: () => undefined,
    defer: (run) => run(),
    store: storage().queues,
  })
  app = fastify()
  await app.register(
    companyApi({
      queues,
      log: silentLog,
      token: createAdminToken(clock, createClientAddress([]), SECRET),
      isAccount: async (name) => name !== 'nobody',
    }),
  )
})
afterEach(async () => {
  await app.close()
  queues.close()
})

describe('05 §9: the rows of the HTTP interface', () => {
  it('add: QueueName, Priority, QueueDesc, Global; answers the queue with its number', async () => {
    const answer = await ask('add', {
      QueueName: '售前',
      Priority: 2,
      QueueDesc: '你好',
      Global: 1,
    })
    expect(answer).toMatchObject({
      RspCode: '0',
      Data: { QueueName: '售前', Priority: 2, QueueDesc: '你好', Global: 1 },
    })
    expect(answer.Data.CreateTime).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/)
    expect(Object.keys(answer.Data).sort()).toEqual(
      ['CreateTime', 'Global', 'Priority', 'QueueDesc', 'QueueID', 'QueueName'].sort(),
    )
    const id = Number(answer.Data.QueueID)
    expect(queues.desks.of('demo').state.queues.get(id)?.definition).toMatchObject({
      name: '售前',
      priority: 2,
      agents: null,
    })
    expect((await ask('add', { QueueName: 'plain' })).Data).toMatchObject({
      Priority: 10,
      Global: 0,
    })
  })

  it('delete: by QueueID or by QueueName, at once', async () => {
    const one = await add({ QueueName: 'one' })
    await add({ QueueName: 'two' })
    expect(await ask('delete', { QueueID: one })).toMatchObject({ RspCode: '0', Data: {} })
    expect(await ask('delete', { QueueName: 'two' })).toMatchObject({ RspCode: '0' })
    expect(queues.list('demo')).toEqual([])
    expect(queues.desks.of('demo').state.queues.size).toBe(0)
    expect((await ask('delete', { QueueID: one })).RspCode).toBe('4')
  })

  it('modify: changes what is given and nothing else', async () => {
    const made = await queues.create('demo', {
      name: 'Sales',
      desc: 'words',
      priority: 3,
      maxWaiting: 7,
      maxWaitMs: 60_000,
      agents: ['ann'],
      global: false,
    })
    expect(await ask('modify', { QueueName: 'Sales', NewQueueName: '销售' })).toMatchObject({
      RspCode: '0',
    })
    expect(await ask('modify', { QueueID: made?.id, QueueDesc: '', Priority: '4' })).toMatchObject({
      RspCode: '0',
    })
    expect(queues.list('demo')).toMatchObject([
      { name: '销售', desc: '', priority: 4, maxWaiting: 7, maxWaitMs: 60_000, agents: ['ann'] },
    ])
    await ask('modify', { QueueID: made?.id, Global: '1' })
    await ask('modify', { QueueID: made?.id, Priority: 5 })
    expect((await ask('query', {})).Data.queueList).toMatchObject([{ Global: 1, Priority: 5 }])
  })

  it('modify: two at the same time lose nothing', async () => {
    const id = await add({ QueueName: 'Sales' })
    await Promise.all([
      ask('modify', { QueueID: id, QueueDesc: 'new words' }),
      ask('modify', { QueueID: id, Priority: 1 }),
    ])
    expect(queues.find(id)).toMatchObject({ desc: 'new words', priority: 1 })
  })

  it('query: what goes on in a queue', async () => {
    const id = await add({ QueueName: 'Sales' })
    const desk = queues.desks.of('demo')
    for (const userID of ['agent', 'first', 'second', 'third'])
      desk.run({ type: 'online', userID, name: '', alive: true })
    desk.run({ type: 'serve', userID: 'agent', queue: id })
    for (const userID of ['first', 'second', 'third'])
      desk.run({ type: 'join', userID, queue: id, text: '', now: clock.now() })
    const counts = async () => (await ask('query', { QueueID: id })).Data.queueList?.[0]
    expect(await counts()).toMatchObject({
      AgentNum: 1,
      SrvNum: 0,
      WaitNum: 2,
      PrepareNum: 1,
      MaxWaitNum: 0,
      MaxWaitTime: 0,
    })
    desk.run({ type: 'accept', userID: 'agent', queue: id, customer: 'first', now: clock.now() })
    const { UpdateTime, ...rest } = (await counts()) ?? {}
    expect(UpdateTime).toMatch(/^\d{4}-/)
    expect(rest).toMatchObject({ SrvNum: 1, WaitNum: 2, PrepareNum: 0 })
  })

  it('query: QueueID, QueueName (contains), QueueDesc; pages of 1–50, 20 when not said', async () => {
    for (let i = 1; i <= 25; i++)
      await add({ QueueName: `desk ${i}`, QueueDesc: i % 2 ? 'odd' : 'even' })
    const all = (await ask('query')).Data
    expect(all.queueCount).toBe(25)
    expect(all.queueList).toHaveLength(20)
    expect(await names({ PageNumber: 2 })).toEqual([21, 22, 23, 24, 25].map((i) => `desk ${i}`))
    expect(await names({ PageNumber: '3', PageSize: '2' })).toEqual(['desk 5', 'desk 6'])
    expect(await names({ PageNumber: 9 })).toEqual([])
    expect(await names({ QueueName: 'k 2', PageSize: 50 })).toHaveLength(7)
    expect(await names({ QueueDesc: 'even', QueueName: 'desk 1' })).toEqual(
      [10, 12, 14, 16, 18].map((i) => `desk ${i}`),
    )
  })
})

describe('05 §9: the codes', () => {
  it.each<[string, string, object, string]>([
    ['no name', 'add', {}, '4'],
    ['an empty name', 'add', { QueueName: '' }, '4'],
    ['a name too long', 'add', { QueueName: 'x'.repeat(65) }, '4'],
    ['words too long', 'add', { QueueName: 'n', QueueDesc: 'x'.repeat(201) }, '4'],
    ['priority 0', 'add', { QueueName: 'n', Priority: 0 }, '4'],
    ['priority 11', 'add', { QueueName: 'n', Priority: '11' }, '4'],
    ['priority in words', 'add', { QueueName: 'n', Priority: 'high' }, '4'],
    ['Global 2', 'add', { QueueName: 'n', Global: 2 }, '4'],
    ['an object for a name', 'add', { QueueName: { $ne: '' } }, '4'],
    ['a taken name', 'add', { QueueName: 'taken' }, '6'],
    ['no queue named', 'delete', {}, '4'],
    ['an unknown queue', 'delete', { QueueName: 'unknown' }, '4'],
    ['ID and name of two queues', 'delete', { QueueID: 1, QueueName: 'taken' }, '6'],
    ['ID of one, name of none', 'delete', { QueueID: 1, QueueName: 'unknown' }, '4'],
    ['no queue named', 'modify', { NewQueueName: 'x' }, '4'],
    ['a taken new name', 'modify', { QueueID: 1, NewQueueName: 'taken' }, '6'],
    ['ID and name of two queues', 'modify', { QueueID: 1, QueueName: 'taken' }, '6'],
    ['page 0', 'query', { PageNumber: 0 }, '4'],
    ['51 to a page', 'query', { PageSize: 51 }, '4'],
    ['0 to a page', 'query', { PageSize: 0 }, '4'],
    ['no RequestId', 'query', { RequestId: null }, '4'],
    ['no CompID', 'query', { CompID: '' }, '4'],
    ['an unknown account', 'query', company('nobody'), '2'],
    ['a wrong secret', 'query', { SecretKey: md5('demo&wrong') }, '3'],
    ['the secret itself', 'query', { SecretKey: SECRET }, '3'],
    ['the secret of another account', 'query', { SecretKey: company('other').SecretKey }, '3'],
    ['an AppId of somebody else', 'query', { AppId: 'other' }, '1'],
    ['its own AppId', 'query', { AppId: 'demo' }, '0'],
  ])('%s: %s %j is %s', async (_what, operation, params, code) => {
    await add({ QueueName: 'first' })
    await add({ QueueName: 'taken' })
    const first = queues.list('demo')[0]?.id
    const meant = 'QueueID' in params ? { ...params, QueueID: first } : params
    const before = queues.list('demo')
    const answer = await ask(operation, meant)
    expect(answer.RspCode).toBe(code)
    expect(answer.RspDesc).not.toBe('')
    expect(queues.list('demo')).toEqual(before)
  })

  it('a queue of another account does not exist', async () => {
    const id = await add({ QueueName: 'mine' })
    for (const operation of ['delete', 'modify'])
      expect(
        (await ask(operation, { ...company('other'), QueueID: id, Priority: 1 })).RspCode,
      ).toBe('4')
    expect((await ask('query', company('other'))).Data).toEqual({ queueCount: 0, queueList: [] })
    expect((await ask('add', { ...company('other'), QueueName: 'mine' })).RspCode).toBe('0')
  })

  it('parameters as form fields; what cannot be read is 4', async () => {
    const send = async (payload: string, type: string) =>
      (
        await app.inject({
          method: 'POST',
          url: '/CLOUDROOM-API/queue/add',
          headers: { 'content-type': type },
          payload,
        })
      ).json<Reply>()
    const form = 'application/x-www-form-urlencoded'
    const fields = { ...company(), QueueName: '售 前&后', Priority: '3', QueueDesc: '' }
    expect(await send(`${new URLSearchParams(fields)}`, form)).toMatchObject({
      RspCode: '0',
      Data: { QueueName: '售 前&后', Priority: 3, QueueDesc: '' },
    })
    for (const [payload, type] of [
      ['{', 'application/json'],
      ['[]', 'application/json'],
      ['null', 'application/json'],
      ['<a/>', 'text/xml'],
      ['', form],
    ] as const)
      expect((await send(payload, type)).RspCode).toBe('4')
  })

  it('05 §10: guessing secrets is throttled, as many right ones at once are not', async () => {
    const right = await Promise.all(Array.from({ length: 40 }, () => ask('query')))
    expect(new Set(right.map((r) => r.RspCode))).toEqual(new Set(['0']))
    for (let i = 0; i < 20; i++)
      expect((await ask('query', { SecretKey: md5(`demo&${i}`) })).RspCode).toBe('3')
    const late = await post('query', company())
    expect([late.statusCode, late.json<Reply>().RspCode]).toEqual([429, '1'])
    clock.advance(60_000)
    expect((await ask('query')).RspCode).toBe('0')
  })
})

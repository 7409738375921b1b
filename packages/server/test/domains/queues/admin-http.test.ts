import { writeFileSync } from 'node:fs'
import path from 'node:path'
import fastify, { type FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createActivity } from '../../../src/actor/activity.ts'
import { createFakeClock } from '../../../src/core/clock.ts'
import { silentLog } from '../../../src/core/log.ts'
import { queuesApi } from '../../../src/domains/queues/admin-http.ts'
import { makeFirstQueues } from '../../../src/domains/queues/first-queues.ts'
import { createQueues, type Queues } from '../../../src/domains/queues/open.ts'
import { createAdminToken } from '../../../src/http/admin-token.ts'
import { createClientAddress } from '../../../src/http/client-address.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { useTestStorage } from '../../support/test-storage.ts'
import { TIMES } from './world.ts'

const TOKEN = 'a token of the administrator'
const storage = useTestStorage()
let queues: Queues
let app: FastifyInstance
const clock = createFakeClock()

const open = async () => {
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
    queuesApi({
      queues,
      token: createAdminToken(clock, createClientAddress([]), TOKEN),
      account: 'demo',
      isAccount: async (a) => a !== 'nobody',
    }),
  )
}
const ask = async (method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, body?: object) => {
  const answer = await app.inject({
    method,
    url: `/api/v1/queues${url}`,
    headers: { authorization: `Bearer ${TOKEN}` },
    ...(body && { payload: body }),
  })
  return [
    answer.statusCode,
    answer.body ? (answer.json() as Record<string, unknown>) : null,
  ] as const
}

beforeEach(open)
afterEach(async () => {
  await app.close()
  queues.close()
})

describe('05 §9, §10: administration over HTTP', () => {
  it('makes, shows, changes and deletes queues, which act at once and survive a restart', async () => {
    const [made, queue] = await ask('POST', '', { name: '售前', priority: 2, maxWaitSeconds: 60 })
    expect(made).toBe(201)
    expect(queue).toMatchObject({
      name: '售前',
      description: '',
      priority: 2,
      maxWaiting: 0,
      maxWaitSeconds: 60,
      agents: null,
      waiting: 0,
    })
    const id = Number(queue?.id)
    expect(queues.desks.of('demo').state.queues.get(id)?.definition.maxWaitMs).toBe(60_000)
    expect((await ask('PUT', `/${id}`, { name: 'Sales', agents: ['ann'] }))[1]).toMatchObject({
      id,
      name: 'Sales',
      priority: 10,
      agents: ['ann'],
    })
    queues.close()
    await app.close()
    await open()
    expect((await ask('GET', ''))[1]).toMatchObject({ queues: [{ id, name: 'Sales' }] })
    expect((await ask('DELETE', `/${id}`))[0]).toBe(204)
    expect((await ask('GET', `/${id}`))[0]).toBe(404)
    expect(queues.desks.of('demo').state.queues.size).toBe(0)
    expect(await storage().queues.all()).toEqual([])
  })

  it.each<[object, number]>([
    [{}, 400],
    [{ name: '' }, 400],
    [{ name: 'x'.repeat(65) }, 400],
    [{ name: 'n', description: 'x'.repeat(201) }, 400],
    [{ name: 'n', priority: 0 }, 400],
    [{ name: 'n', priority: 11 }, 400],
    [{ name: 'n', maxWaiting: -1 }, 400],
    [{ name: 'n', agents: [''] }, 400],
    [{ name: 'n', unknown: 1 }, 400],
    [{ name: 'taken' }, 409],
  ])('refuses %j with %i and one sentence', async (body, status) => {
    await ask('POST', '', { name: 'taken' })
    const [got, answer] = await ask('POST', '', body)
    expect(got).toBe(status)
    expect(answer?.error).toMatch(/\.$/)
  })

  it('queues of another account and numbers that are none are not found', async () => {
    const [, queue] = await ask('POST', '?account=other', { name: 'n' })
    expect((await ask('GET', `/${queue?.id}`))[0]).toBe(404)
    expect((await ask('GET', `/${queue?.id}?account=other`))[0]).toBe(200)
    expect((await ask('GET', '/1e3'))[0]).toBe(404)
    expect((await ask('GET', '?account=nobody'))[0]).toBe(404)
  })

  it('only with the token; guessing is throttled', async () => {
    const guess = (authorization?: string) =>
      app.inject({
        method: 'GET',
        url: '/api/v1/queues',
        headers: authorization === undefined ? {} : { authorization },
      })
    expect((await guess()).statusCode).toBe(401)
    for (let i = 0; i < 19; i++) expect((await guess('Bearer wrong')).statusCode).toBe(401)
    expect((await guess(`Bearer ${TOKEN}`)).statusCode).toBe(429)
    clock.advance(60_000)
    expect((await guess(`Bearer ${TOKEN}`)).statusCode).toBe(200)
  })
})

describe('05 §9: the first queues', () => {
  it('a fresh server has two open queues, of priority 1 and 2; made once', async () => {
    await makeFirstQueues(storage().queues, 'demo', null, 1)
    await makeFirstQueues(storage().queues, 'demo', null, 2)
    expect((await storage().queues.all()).map((q) => [q.priority, q.agents])).toEqual([
      [1, null],
      [2, null],
    ])
  })

  it('QUEUES_FILE: its queues, or one sentence for everything that is wrong', async () => {
    const { dir, remove } = tempDir()
    const file = path.join(dir, 'queues.json')
    const first = (text: string) => {
      writeFileSync(file, text)
      return makeFirstQueues(storage().queues, 'demo', file, 1)
    }
    await expect(makeFirstQueues(storage().queues, 'demo', file, 1)).rejects.toThrow(
      /cannot be read/,
    )
    await expect(first('{')).rejects.toThrow(/It is not JSON/)
    await expect(first('{}')).rejects.toThrow(/list of queues/)
    await expect(
      first('[{"name":"a"},{"name":"a"},{"name":"b","priority":"high"}]'),
    ).rejects.toThrow(
      /Queue 2: the name "a" is there twice\.\nQueue 3: "priority" must be integer\./,
    )
    await first('[{"name":"Sales","agents":["ann"]}]')
    expect(await storage().queues.all()).toMatchObject([{ name: 'Sales', agents: ['ann'] }])
    remove()
  })
})

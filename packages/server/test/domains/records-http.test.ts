import { createHash } from 'node:crypto'
import fastify, { type FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createFakeClock } from '../../src/core/clock.ts'
import { createSeededIds } from '../../src/core/ids.ts'
import { silentLog } from '../../src/core/log.ts'
import { recordsApi } from '../../src/domains/records/admin-http.ts'
import { Records } from '../../src/domains/records/records.ts'
import { createAdminToken } from '../../src/http/admin-token.ts'
import { createClientAddress } from '../../src/http/client-address.ts'
import type { Storage } from '../../src/storage/port.ts'
import { testManifests } from '../support/manifests.ts'
import { memoryBlobs } from '../support/memory-blobs.ts'
import { createTestStorage } from '../support/test-storage.ts'

const TOKEN = 'a token of the administrator'
const blobs = memoryBlobs()
const clock = createFakeClock()
let storage: Storage
let records: Records
let app: FastifyInstance

const put = async (account: string, userID: string, content: string) => {
  const who = { account, userID, nickName: userID, seat: '', meeting: 0 }
  const key = `${account} ${userID} ${content}`
  const size = content.length
  blobs.contents.set(await records.begin(who, { key, name: 'a.mp4', size }), Buffer.from(content))
  const md5 = createHash('md5').update(content).digest('hex')
  clock.advance(1)
  return await records.finish(who, { key, size, md5, duration: 1, mimeType: 'video/mp4' })
}
const ask = (
  path: string,
  { method = 'GET', token = TOKEN, range = '' }: Partial<Record<string, string>> = {},
) =>
  app.inject({
    method: method as 'GET' | 'DELETE',
    url: `/api/v1/records${path}`,
    headers: { authorization: `Bearer ${token}`, ...(range && { range }) },
  })

beforeAll(async () => {
  storage = await createTestStorage()
  const ids = createSeededIds(1)
  const manifests = testManifests(blobs, clock)
  const deps = { table: storage.records, blobs, clock, ids, limit: 100, manifests }
  records = new Records(deps, silentLog)
  app = fastify()
  await app.register(
    recordsApi({
      records,
      blobs,
      token: createAdminToken(clock, createClientAddress([]), TOKEN),
      account: 'demo',
      isAccount: async (name) => name !== 'nobody',
    }),
  )
}, 60_000)
afterAll(async () => {
  await app.close()
  records.close()
  await storage.close()
})

describe('06 §9: recordings of the administrator, over HTTP', () => {
  it('sees those of everybody in the account, in pages, newest first', async () => {
    const one = await put('demo', 'anna', 'hello')
    const two = await put('demo', 'ben', 'world!')
    await put('other', 'anna', 'elsewhere')
    const all = (await ask('')).json()
    expect(all).toMatchObject({ used: 11, limit: 100 })
    expect(all.records.map(({ id }: { id: string }) => id)).toEqual([two.id, one.id])
    expect(all.records[1]).toMatchObject({ owner: 'anna', path: one.path, size: 5 })
    const page = (await ask(`?limit=1&before=${two.id}`)).json()
    expect(page.records.map(({ id }: { id: string }) => id)).toEqual([one.id])
    expect((await ask('?account=other')).json().records).toHaveLength(1)
  })

  it.each(['?limit=0', '?limit=101', '?limit=x', '?before=/', '?limit=1&limit=2'])(
    '%s is refused with a sentence',
    async (query) => {
      const answer = await ask(query)
      expect(answer.statusCode).toBe(400)
      expect(answer.json().error).toMatch(/\.$/)
    },
  )

  it('fetches one as a file, or a part of it', async () => {
    const { id } = await put('demo', 'anna', 'contents')
    const whole = await ask(`/${id}/content`)
    expect(whole.body).toBe('contents')
    expect(whole.headers['content-disposition']).toMatch(/^attachment; filename\*=UTF-8''a/)
    const part = await ask(`/${id}/content`, { range: 'bytes=3-5' })
    expect([part.statusCode, part.body]).toEqual([206, 'ten'])
    expect((await ask(`/${id}`)).json()).toMatchObject({ id, duration: 1, mimeType: 'video/mp4' })
  })

  it('deletes one, with its content', async () => {
    const record = await put('demo', 'anna', 'old')
    const before = blobs.contents.size
    expect((await ask(`/${record.id}`, { method: 'DELETE' })).statusCode).toBe(204)
    expect(blobs.contents.size).toBe(before - 1)
    for (const path of ['', '/content'])
      expect((await ask(`/${record.id}${path}`)).statusCode).toBe(404)
  })

  it('knows none of another account, none unfinished, and nothing without the token', async () => {
    const { id } = await put('other', 'ben', 'x')
    const who = { account: 'demo', userID: 'u', nickName: '', seat: '', meeting: 0 }
    const half = await records.begin(who, { key: 'half', name: 'a', size: 1 })
    for (const path of [id, half.slice(4), '..', 'x'.repeat(65), `${id}?account=nobody`])
      expect((await ask(`/${path}`)).statusCode).toBe(404)
    expect((await ask('?account=nobody')).statusCode).toBe(404)
    for (const path of ['', `/${id}`, `/${id}/content`])
      expect((await ask(path, { token: 'wrong' })).statusCode).toBe(401)
    expect((await ask(`/${id}`, { method: 'DELETE', token: 'wrong' })).statusCode).toBe(401)
    expect((await ask(`/${id}?account=other`)).statusCode).toBe(200)
  })
})

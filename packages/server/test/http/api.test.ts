import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startTestApi, type TestApi, TOKEN } from '../support/api.ts'

/** Who may use a route: everybody, the administrator, a company with its key, or who has a link. */
const ROUTES = {
  'POST /api/unload': 'anyone',
  'GET /api/v1/evidence/key': 'anyone',
  'PATCH /api/v1/uploads/:blob': 'link',
  'GET /api/v1/files/:blob': 'link',
  'GET /api/v1/queues': 'admin',
  'POST /api/v1/queues': 'admin',
  'GET /api/v1/queues/:id': 'admin',
  'PUT /api/v1/queues/:id': 'admin',
  'DELETE /api/v1/queues/:id': 'admin',
  'GET /api/v1/records': 'admin',
  'GET /api/v1/records/:id': 'admin',
  'GET /api/v1/records/:id/content': 'admin',
  'GET /api/v1/records/:id/manifest': 'admin',
  'DELETE /api/v1/records/:id': 'admin',
  'POST /CLOUDROOM-API/queue/add': 'company',
  'POST /CLOUDROOM-API/queue/delete': 'company',
  'POST /CLOUDROOM-API/queue/modify': 'company',
  'POST /CLOUDROOM-API/queue/query': 'company',
} as const
type Door = (typeof ROUTES)[keyof typeof ROUTES]
const behind = (door: Door): string[] =>
  Object.entries(ROUTES).flatMap(([route, its]) => (its === door ? [route] : []))

let api: TestApi
const TUS = {
  'tus-resumable': '1.0.0',
  'upload-offset': '0',
  'content-type': 'application/offset+octet-stream',
}
const ask = async (route: string, url: string, headers: Record<string, string>, body?: string) => {
  const [method = ''] = route.split(' ')
  const answer = await fetch(api.base + url, {
    method,
    headers,
    ...(body !== undefined && { body }),
  })
  return { status: answer.status, text: await answer.text() }
}
const pathOf = (route: string, id = '1') => (route.split(' ')[1] ?? '').replace(/:\w+/, id)
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

beforeAll(async () => {
  api = await startTestApi()
  await api.blobs.create('blob', 5)
}, 60_000)
afterAll(async () => {
  await api.close()
})

it('every route is in the table above, and no more', () => {
  expect(api.routes.filter((route) => !route.startsWith('OPTIONS')).sort()).toEqual(
    Object.keys(ROUTES).sort(),
  )
})

it.each(behind('admin'))('05 §10, 06 §9: %s wants the administrator’s token', async (route) => {
  const wrong: Record<string, string>[] = [
    {},
    bearer('a token of somebody else'),
    bearer(`${TOKEN} `.slice(1)),
    bearer(TOKEN.slice(0, -1)),
    { authorization: `Basic ${Buffer.from(`admin:${TOKEN}`).toString('base64')}` },
    { authorization: TOKEN },
    { cookie: `token=${TOKEN}` },
  ]
  for (const headers of wrong)
    expect((await ask(route, `${pathOf(route)}?token=${TOKEN}`, headers)).status).toBe(401)
  // Guesses are counted; the next row has as many.
  api.clock.advance(60_000)
  const right = await ask(route, pathOf(route), bearer(TOKEN))
  expect([200, 400, 404, 415]).toContain(right.status)
  const other = await ask(route, `${pathOf(route)}?account=other`, bearer(TOKEN))
  expect([404, 415]).toContain(other.status)
})

it.each(behind('company'))('05 §9: %s wants the company’s key', async (route) => {
  const key = createHash('md5').update(`demo&${TOKEN}`).digest('hex')
  const said = async (given: object, headers: Record<string, string> = {}) => {
    const body = JSON.stringify({ RequestId: 'r', CompID: 'demo', ...given })
    const json = { 'content-type': 'application/json', ...headers }
    const answer = await ask(route, pathOf(route), json, body)
    return (JSON.parse(answer.text) as { RspCode: string }).RspCode
  }
  expect(await said({})).toBe('4')
  expect(await said({}, bearer(TOKEN))).toBe('4')
  for (const SecretKey of [TOKEN, key.slice(1), key.toUpperCase(), ''])
    expect(await said({ SecretKey })).toBe(SecretKey === '' ? '4' : '3')
  expect(await said({ SecretKey: key, CompID: 'other' })).toBe('2')
  expect(await said({ SecretKey: key, AppId: 'other' })).toBe('1')
  expect(['0', '4']).toContain(await said({ SecretKey: key }))
  api.clock.advance(60_000)
})

it.each(behind('link'))('ND8: %s wants a link made for it', async (route) => {
  const action = route.startsWith('PATCH') ? 'put' : 'get'
  const grant = { action, blob: 'blob', name: '', type: '' } as const
  const url = pathOf(route, 'blob')
  const link = api.paths.sign(grant)
  const query = link.slice(link.indexOf('?'))
  const others = [
    { ...grant, blob: 'other' },
    { ...grant, action: action === 'put' ? 'get' : 'put' } as const,
  ].map((other) => api.paths.sign(other).replace(/^[^?]*/, ''))
  const wrong = [
    ...others,
    '',
    '?expires=9999999999999&signature=',
    query.replace('expires=', 'expires=9'),
    query.replace(/signature=.*/, 'signature=AAAA'),
    `${query}&signature=AAAA`,
    `${query}&name=x`,
  ]
  for (const each of wrong)
    expect([each, (await ask(route, url + each, { ...TUS, ...bearer(TOKEN) })).status]).toEqual([
      each,
      403,
    ])
  expect((await ask(route, url + query, TUS)).status).toBeLessThan(300)
  api.clock.advance(15 * 60_000 + 1)
  expect((await ask(route, url + query, TUS)).status).toBe(403)
})

it('what is open to anyone changes nothing for who does not know a secret', async () => {
  const sent = await ask('POST', '/api/unload', { 'content-type': 'text/plain' }, 'guessed')
  expect(sent).toEqual({ status: 204, text: '' })
  expect(await ask('GET', '/api/v1/evidence/key', {})).toMatchObject({ status: 200 })
})

it('without ADMIN_TOKEN the administrator’s routes are not there', async () => {
  const off = await startTestApi({ admin: false })
  expect(off.routes.filter((route) => !route.startsWith('OPTIONS')).sort()).toEqual(
    [...behind('anyone'), ...behind('link')].sort(),
  )
  for (const route of [...behind('admin'), ...behind('company')]) {
    const [method] = route.split(' ')
    const headers = { accept: 'application/json' }
    const answer = await fetch(off.base + pathOf(route), { method: method ?? '', headers })
    expect([route, answer.status]).toEqual([route, 404])
  }
  await off.close()
}, 60_000)

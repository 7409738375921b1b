import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { parseRefusal } from '@yuntang/protocol'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { checkUser } from '../../src/accounts/user-check.ts'
import { createFakeClock, type FakeClock } from '../../src/core/clock.ts'

const ASKED = { authAcnt: 'shop', userID: '007', nickName: '邦德', userAuthCode: '{"a":1}' }
let url = ''
let answer: (response: ServerResponse, request: IncomingMessage) => void
let asked: { method?: string; type?: string; body: string }[] = []
let arrived = () => {}
let clock: FakeClock
let reasons: string[] = []

const server = createServer((request, response) => {
  let body = ''
  request.on('data', (chunk: Buffer) => {
    body += chunk.toString()
  })
  request.on('end', () => {
    asked.push({ method: request.method, type: request.headers['content-type'], body })
    answer(response, request)
    arrived()
  })
})
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/check`
})
beforeEach(() => {
  asked = []
  reasons = []
  clock = createFakeClock()
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const says = (status: number, body: string, headers: Record<string, string> = {}) => {
  answer = (response) => response.writeHead(status, headers).end(body)
}
const check = (at = url) =>
  checkUser(at, ASKED, clock, (error) => reasons.push(String(error))).then(
    () => 'accepted',
    (error: { code?: string; message: string }) => error,
  )

it('02 §3: one POST with the four fields as JSON; code 0 accepts', async () => {
  says(200, '{"code":0,"desc":"ok"}')
  expect(await check()).toBe('accepted')
  expect(asked).toHaveLength(1)
  expect(asked[0]).toMatchObject({ method: 'POST', type: 'application/json' })
  expect(JSON.parse(asked[0]!.body)).toEqual(ASKED)
  expect(clock.pending()).toBe(0)
})

it('02 §3: another code is 17 and its number and text are carried', async () => {
  says(200, '{"code":42,"desc":"not today"}')
  const error = await check()
  expect(error).toMatchObject({ code: 'auth.refused' })
  expect(parseRefusal((error as Error).message)).toEqual({ code: 42, desc: 'not today' })
  expect(reasons).toEqual([])
})

it.each<[string, number, string]>([
  ['status 500', 500, '{"code":0}'],
  ['status 201', 201, '{"code":0}'],
  ['no JSON', 200, 'ok'],
  ['JSON without code', 200, '{"result":0}'],
  ['a code that is no number', 200, '{"code":"0"}'],
  ['JSON null', 200, 'null'],
  ['an answer of 20 KiB', 200, `{"code":0,"x":"${'x'.repeat(20_000)}"}`],
])('02 §3: %s is 16', async (_, status, body) => {
  says(status, body)
  expect(await check()).toMatchObject({ code: 'auth.unreachable' })
  expect(reasons).toHaveLength(1)
})

it('02 §3: a redirection is not followed: 16', async () => {
  says(307, '', { location: url })
  expect(await check()).toMatchObject({ code: 'auth.unreachable' })
  expect(asked).toHaveLength(1)
})

it('02 §3: nobody at the address is 16', async () => {
  expect(await check('http://127.0.0.1:1/')).toMatchObject({ code: 'auth.unreachable' })
})

it('02 §3: no answer within 5 s is 16', async () => {
  answer = () => {}
  const request = new Promise<void>((resolve) => {
    arrived = resolve
  })
  const result = check()
  await request
  clock.advance(4999)
  expect(clock.pending()).toBe(1)
  clock.advance(1)
  expect(await result).toMatchObject({ code: 'auth.unreachable' })
})

it('02 §3: an answer that begins and never ends is 16 after 5 s', async () => {
  answer = (response) => response.writeHead(200).write('{"code":')
  const request = new Promise<void>((resolve) => {
    arrived = resolve
  })
  const result = check()
  await request
  clock.advance(5000)
  expect(await result).toMatchObject({ code: 'auth.unreachable' })
})

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { ACCOUNT, type RunningServer, startServer } from '../support/server.ts'

const PASSWORD = 'the-app-password'
const WRONG = 'a-wrong-password'
const AUTH_CODE = 'a-one-time-auth-code'
const CHECK_KEY = 'key-in-the-check-address'
const REFUSAL = 'what-the-check-said'
const md5 = (text: string) => createHash('md5').update(text).digest('hex')
const offer = (name: string) =>
  readFileSync(new URL(`../../packages/media/test/fixtures/${name}.sdp`, import.meta.url), 'utf8')

let server: RunningServer
/** What the application's user check answers. */
let answer = () => ({ status: 200, body: JSON.stringify({ code: 0, desc: '' }) })
const check = createServer((request, response) => {
  request.resume()
  const { status, body } = answer()
  response.writeHead(status, { 'content-type': 'application/json' }).end(body)
})

beforeAll(async () => {
  await new Promise<void>((resolve) => check.listen(0, '127.0.0.1', resolve))
  const { port } = check.address() as AddressInfo
  server = await startServer({
    LOG_LEVEL: 'trace',
    ALLOW_GUESTS: '1',
    APP_PASSWORD: PASSWORD,
    APP_AUTH_URL: `http://127.0.0.1:${port}/check?key=${CHECK_KEY}`,
  })
})
afterAll(async () => {
  server.forget()
  check.close()
})

interface Answer {
  id?: number
  hello?: { token: string }
  result?: Record<string, unknown>
  error?: { code: string; message: string }
}

/** A page's link without a browser. */
const connect = async (resume?: { token: string; seen: number }) => {
  const socket = new WebSocket(`ws://localhost:${server.port}/ws`)
  const got: Answer[] = []
  const waiting = new Set<() => void>()
  socket.on('message', (data) => {
    got.push(JSON.parse(String(data)) as Answer)
    for (const wake of waiting) wake()
  })
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  const next = async (wanted: (a: Answer) => boolean): Promise<Answer> => {
    for (;;) {
      const found = got.find(wanted)
      if (found) return found
      await new Promise<void>((resolve) => waiting.add(resolve))
      waiting.clear()
    }
  }
  let id = 0
  const send = (method: string, params: unknown) => {
    id += 1
    socket.send(JSON.stringify({ id, method, params }))
    return id
  }
  send('session.hello', { protocol: 1, sdk: 'test', instance: 'instance-1', resume })
  const greeted = await next((a) => 'hello' in a || 'refused' in a)
  id = 0
  return {
    socket,
    token: greeted.hello?.token ?? '',
    async call(method: string, params: unknown) {
      const mine = send(method, params)
      return next((a) => a.id === mine)
    },
  }
}

const login = (password: string, authCode: string | undefined, userID = 'alice') => ({
  account: ACCOUNT,
  password: md5(password),
  nickName: 'n',
  userID,
  authCode,
})

it('LOG_LEVEL=trace: passwords, auth codes, tokens, proofs and media keys stand in no log', async () => {
  const secrets = new Map<string, string>([
    ['app password', PASSWORD],
    ['its MD5', md5(PASSWORD)],
    ['wrong password', WRONG],
    ['its MD5 as well', md5(WRONG)],
    ['auth code', AUTH_CODE],
    ['key of the check', CHECK_KEY],
    ['answer of the check', REFUSAL],
  ])
  const page = await connect()
  secrets.set('resume token', page.token)

  expect((await page.call('session.login', login(WRONG, AUTH_CODE))).error?.code).toBe(
    'login.refused',
  )
  expect((await page.call('session.login', login(PASSWORD, undefined))).error?.code).toBe(
    'auth.missing',
  )
  for (const [status, body, code] of [
    [500, REFUSAL, 'auth.unreachable'],
    [200, `${REFUSAL} is no JSON`, 'auth.unreachable'],
    [200, JSON.stringify({ code: 7, desc: REFUSAL }), 'auth.refused'],
  ] as const) {
    answer = () => ({ status, body })
    expect((await page.call('session.login', login(PASSWORD, AUTH_CODE))).error?.code).toBe(code)
  }
  answer = () => ({ status: 200, body: '{"code":0}' })
  const { result } = await page.call('session.login', login(PASSWORD, AUTH_CODE))
  secrets.set('proof', String(result?.proof))

  const made = (await page.call('meetings.create', { subject: 's', withPassword: true })).result
  // Six digits stand in numbers by chance: only the password's own field is meant.
  secrets.set('meeting password', `"password":"${made?.password}"`)
  const enter = {
    id: made?.id,
    password: made?.password,
    nickName: 'n',
    devices: {
      mic: true,
      cameras: [{ videoID: 1, name: 'c' }],
      defaultVideo: 1,
      multiVideo: false,
    },
  }
  expect(
    (await page.call('meetings.enter', { ...enter, password: 'guessed-meeting-password' })).error
      ?.code,
  ).toBe('meeting.password')
  secrets.set('guessed meeting password', 'guessed-meeting-password')
  expect((await page.call('meetings.enter', enter)).error).toBeUndefined()

  const sdp = offer('chromium-pub')
  const tracks = [{ mid: '0', kind: 'mic', videoID: 0 }]
  const published = (await page.call('rtc.publish', { sdp, tracks })).result
  const received = (await page.call('rtc.receive', { sdp: offer('chromium-sub') })).result
  for (const [name, text] of [
    ['page’s', sdp],
    ['server’s', String(published?.sdp)],
    ['server’s second', String(received?.sdp)],
  ] as const)
    secrets.set(`${name} ICE password`, /a=ice-pwd:(\S+)/.exec(text)?.[1] ?? '')
  const broken = sdp
    .replace(/a=ice-ufrag:.*/g, 'a=ice-ufrag:anew')
    .replace(/a=fingerprint:.*/g, 'a=fingerprint:sha-256 00:11')
  expect((await page.call('rtc.publish', { sdp: broken, tracks })).error?.code).toBe('media.failed')

  page.socket.terminate()
  const forged = `${page.token.slice(0, -2)}xx`
  secrets.set('forged token', forged)
  await connect({ token: forged, seen: 0 })
  const back = await connect({ token: page.token, seen: 0 })
  expect(back.token).toBe(page.token)
  await back.call('session.logout', {})
  await server.stop()

  const log = server.output()
  expect(log).toContain('A login was refused')
  expect(log).toContain('The user check could not be used')
  for (const [name, secret] of secrets) {
    expect(secret.length, name).toBeGreaterThan(5)
    expect(log.includes(secret), `${name} is in the log`).toBe(false)
  }
})

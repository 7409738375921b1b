import { readFileSync } from 'node:fs'
import { request } from 'node:http'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { mediaLines } from '../src/room/media-lines.ts'
import { roomOptions } from '../src/room/options.ts'
import { type RunningRoom, startRoom } from '../src/room.ts'
import { freePort } from './support/free-port.ts'

const offerOf = (name: string) =>
  readFileSync(new URL(`../../media/test/fixtures/${name}.sdp`, import.meta.url), 'utf8')
const PUB = offerOf('chromium-pub')
const SUB = offerOf('chromium-sub')
const SDP = { 'content-type': 'application/sdp' }

let room: RunningRoom
const sessions: string[] = []

beforeAll(async () => {
  const mediaPort = await freePort()
  const args = [
    '--port',
    '0',
    '--media-port',
    `${mediaPort}`,
    '--publishers',
    '3',
    '--viewers',
    '2',
  ]
  room = await startRoom(roomOptions(args), () => {})
})
afterAll(() => room.close())
beforeEach(async () => {
  for (const url of sessions.splice(0)) await call('DELETE', url)
})

const call = (method: string, path: string, body?: string, headers: object = SDP) =>
  fetch(room.url + path, { method, body: body ?? null, headers: body ? { ...headers } : {} })

const open = async (path: string, offer: string) => {
  const response = await call('POST', path, offer)
  const answer = await response.text()
  expect([response.status, answer]).toEqual([201, expect.stringMatching(/^v=0/)])
  const location = response.headers.get('location') ?? ''
  sessions.push(location)
  return { response, answer, location }
}
const refused = async (response: Response, status: number, reason: RegExp) => {
  const said = await response.text()
  expect([response.status, said]).toEqual([status, expect.stringMatching(reason)])
}

test('RFC 9725 §4.2: an offer gets 201, the answer and the address of its session, which DELETE ends once', async () => {
  const { response, answer, location } = await open('/whip/anna', PUB)
  expect(response.headers.get('content-type')).toBe('application/sdp')
  expect(location).toMatch(/^\/session\/[0-9a-f-]{36}$/)
  expect(answer.match(/a=recvonly/g)).toHaveLength(2)
  const list = await (await call('GET', '/publishers')).json()
  expect(list).toEqual([{ name: 'anna', tracks: ['audio', 'video'] }])
  expect((await call('DELETE', location)).status).toBe(200)
  await refused(await call('DELETE', location), 404, /no such session/)
  expect(await (await call('GET', '/publishers')).json()).toEqual([])
})

test('WHEP: one exchange tells the viewer its tracks; chosen publishers only', async () => {
  await open('/whip/anna', PUB)
  await open('/whip/ben', PUB)
  await refused(await call('POST', '/whep', SUB), 409, /send 2 audio tracks, the offer takes 1/)
  const { answer } = await open('/whep?from=ben', SUB)
  expect(answer.match(/a=sendonly/g)).toHaveLength(2)
  expect(new Set(answer.match(/a=msid:\S+/g)).size).toBe(1)
  await refused(await call('POST', '/whep?from=carl', SUB), 404, /no publisher carl/)
})

test('nobody to watch, names that are taken or malformed, and more than the room takes are told', async () => {
  await refused(await call('POST', '/whep', SUB), 409, /Nobody publishes/)
  await open('/whip/anna', PUB)
  await refused(await call('POST', '/whip/anna', PUB), 409, /publisher anna already/)
  await refused(await call('POST', '/whip/a%20b', PUB), 400, /A name has/)
  for (let i = 0; i < 2; i++) await open('/whip', PUB)
  const full = await call('POST', '/whip', PUB)
  expect(full.headers.get('retry-after')).toBe('5')
  await refused(full, 503, /3 publishers already/)
  for (let i = 0; i < 2; i++) await open('/whep?from=anna', SUB)
  await refused(await call('POST', '/whep?from=anna', SUB), 503, /2 viewers already/)
})

test('what cannot be read is refused, and leaves nobody behind', async () => {
  await refused(await call('POST', '/whip', 'hello'), 422, /Send 1 to 8 tracks/)
  const broken = PUB.replace(/a=ice-pwd:.*/g, 'a=ice-pwd:x')
  await refused(await call('POST', '/whip', broken), 422, /ICE credentials/)
  await refused(await call('POST', '/whip', PUB, { 'content-type': 'text/plain' }), 415, /sdp/)
  await refused(await call('POST', '/whep?height=no', SUB), 400, /height/)
  await refused(await call('POST', '/whip', 'x'.repeat(300_000)), 413, /at most/)
  expect(await (await call('GET', '/publishers')).json()).toEqual([])
  expect(await (await call('GET', '/figures')).json()).toMatchObject({ publishers: 0, viewers: 0 })
})

test('a body without a length is measured while it comes, and the refusal arrives', async () => {
  const status = await new Promise((resolve, reject) => {
    const r = request(`${room.url}/whip`, { method: 'POST', headers: SDP }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
    r.on('error', reject)
    for (let i = 0; i < 5; i++) r.write('x'.repeat(64_000))
  })
  expect(status).toBe(413)
})

test('RFC 9725 §4.2, §4.3: preflights are answered, other methods get 405 and what is allowed', async () => {
  const preflight = await call('OPTIONS', '/whip')
  expect(preflight.status).toBe(204)
  expect(preflight.headers.get('access-control-allow-methods')).toContain('POST')
  expect(preflight.headers.get('access-control-allow-origin')).toBe('*')
  const { location } = await open('/whip', PUB)
  for (const [method, path, allow] of [
    ['PATCH', location, 'DELETE, OPTIONS'],
    ['GET', '/whip', 'POST, OPTIONS'],
    ['GET', '/whep', 'POST, OPTIONS'],
  ] as const) {
    const response = await call(method, path)
    expect([response.status, response.headers.get('allow')]).toEqual([405, allow])
  }
  for (const path of ['/nothing', '/whep/x', '/session', '/whip/a/b', '//'])
    await refused(await call('GET', path), 404, /nothing at this address/)
})

test('RFC 8866 §5.14: m-lines of an offer, stopped ones left out', () => {
  expect(mediaLines(PUB).map((l) => [l.mid, l.kind, l.direction])).toEqual([
    ['0', 'audio', 'sendonly'],
    ['1', 'video', 'sendonly'],
  ])
  expect(mediaLines(PUB.replace('m=audio 9', 'm=audio 0')).map((l) => l.kind)).toEqual(['video'])
})

test('options out of bounds are told in one sentence', () => {
  expect(() => roomOptions(['--port', '70000'])).toThrow('--port is a number from 0 to 65535')
  expect(() => roomOptions(['--colour', 'red'])).toThrow(/--colour/)
})

import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import path from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { HttpServer } from '../../src/http/server.ts'
import { createTestHttpServer } from '../support/http-server.ts'
import { tempDir } from '../support/temp-dir.ts'

const { dir, remove } = tempDir()
const SECRET = 'only for the owner of the data directory'
const SEED = 20261125
/** Requests that once did harm, and their like: as they go over the socket, and what may be answered. */
const CORPUS = JSON.parse(
  readFileSync(new URL('corpus/http.json', import.meta.url), 'utf8'),
) as readonly { why: string; bytes: string; status: readonly number[] }[]
let http: HttpServer
let port: number
/** Begins before the first test, and takes its time while the others run. */
let trickled: Promise<number>

beforeAll(async () => {
  writeFileSync(path.join(dir, 'secret.txt'), SECRET)
  http = await createTestHttpServer(dir)
  port = (await http.listen()).port
  trickled = trickle()
  await healthy()
}, 60_000)
afterAll(async () => {
  await http.close()
  remove()
})

/** Sends bytes as they are; answers everything that came back until the server closed or `ms` passed. */
const exchange = async (bytes: string | Buffer, ms = 1500): Promise<string> => {
  const socket = connect(port, '127.0.0.1')
  const said: Buffer[] = []
  socket.on('error', () => {})
  socket.on('data', (chunk) => said.push(chunk))
  const closed = once(socket, 'close')
  // Not `end`: Node gives a request up whose sender has closed its half.
  socket.write(bytes)
  const timer = setTimeout(() => socket.destroy(), ms)
  await closed
  clearTimeout(timer)
  return Buffer.concat(said).toString('latin1')
}
const statusOf = (answer: string) => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0)
const healthy = async () => {
  expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200)
}
/** Sends 20 request heads that never end; answers after how many ms the last was cut off. */
const trickle = async () => {
  const from = performance.now()
  const slow = Array.from({ length: 20 }, () => {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => {})
    socket.resume()
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n')
    const drip = setInterval(() => socket.write('A: b\r\n'), 500)
    return once(socket, 'close').finally(() => clearInterval(drip))
  })
  await Promise.all(slow)
  return performance.now() - from
}
const lines = (...all: string[]) => `${all.join('\r\n')}\r\n\r\n`

it.each<[string, string, readonly number[]]>([
  ...CORPUS.map(({ why, bytes, status }): [string, string, readonly number[]] => [
    why,
    bytes,
    status,
  ]),
  ['a URL of 100 KB', lines(`GET /${'a'.repeat(100_000)} HTTP/1.1`, 'Host: x'), [414, 431]],
  ['a header of 100 KB', lines('GET / HTTP/1.1', 'Host: x', `A: ${'b'.repeat(100_000)}`), [431]],
  [
    '5000 headers',
    lines('GET / HTTP/1.1', 'Host: x', ...Array.from({ length: 5000 }, (_, i) => `A${i}: b`)),
    [431],
  ],
  [
    'a body of 1 MB',
    `${lines('POST / HTTP/1.1', 'Host: x', 'Content-Type: application/json', 'Content-Length: 1048576')}${'{'.repeat(1_048_576)}`,
    [400, 404, 413],
  ],
])('%s is answered plainly or not at all', async (_, bytes, statuses) => {
  const answer = await exchange(bytes)
  expect(statuses).toContain(statusOf(answer))
  expect(answer).not.toContain(SECRET)
  expect(answer).not.toContain('<script>')
  expect(answer).not.toMatch(/\n\s+at /)
  await healthy()
})

const PIECES = [
  '..',
  '%2e%2e',
  '%252e%252e',
  '..%00',
  '.',
  '',
  '%5c..',
  '..\\',
  '%c0%ae%c0%ae',
  'assets',
  'sdk',
  'web',
]
it('no path leaves the served folders', async () => {
  const path = fc
    .array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 8 })
    .chain((parts) =>
      fc
        .constantFrom('/', '%2f', '\\', '//')
        .map((slash) => `/${parts.join(slash)}${slash}secret.txt`),
    )
  await fc.assert(
    fc.asyncProperty(path, async (url) => {
      const answer = await exchange(lines(`GET ${url} HTTP/1.1`, 'Host: x', 'Connection: close'))
      expect(answer).not.toContain(SECRET)
      expect([400, 404]).toContain(statusOf(answer))
    }),
    { seed: SEED, numRuns: 150, endOnFailure: true },
  )
  await healthy()
})

it.each([
  'bytes=5-1',
  'bytes=-0',
  'bytes=99999999999999999999-',
  'bytes=-99999999999999999999',
  'bytes=a-b',
  'bytes',
  'lines=0-1',
  `bytes=${Array.from({ length: 1500 }, () => '0-').join(',')}`,
])('Range "%.30s" never answers more than the file', async (range) => {
  const answer = await exchange(
    lines('GET /favicon.svg HTTP/1.1', 'Host: x', `Range: ${range}`, 'Connection: close'),
  )
  expect([200, 206, 400, 416]).toContain(statusOf(answer))
  expect(answer.length).toBeLessThan(5000)
  await healthy()
})

it('random bytes and random mutations of a request get 400 or nothing, and disturb nobody', async () => {
  const whole = Buffer.from(
    lines(
      'GET /sdk/index.js HTTP/1.1',
      'Host: x',
      'Accept: */*',
      'Range: bytes=0-3',
      'Connection: close',
    ),
  )
  const bytes = fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 600 }).map((b) => Buffer.from(b)),
    fc
      .array(fc.tuple(fc.nat(whole.length - 1), fc.integer({ min: 0, max: 255 })), {
        minLength: 1,
        maxLength: 6,
      })
      .map((changes) => {
        const copy = Buffer.from(whole)
        for (const [at, byte] of changes) copy[at] = byte
        return copy
      }),
  )
  await fc.assert(
    fc.asyncProperty(bytes, async (b) => {
      const answer = await exchange(b, 60)
      expect(statusOf(answer)).not.toBe(500)
    }),
    {
      seed: SEED,
      numRuns: 150,
      endOnFailure: true,
      examples: CORPUS.map(({ bytes }) => [Buffer.from(bytes, 'latin1')]),
    },
  )
  await healthy()
})

it('a request head that trickles in ends within 15 s, while others are served', async () => {
  expect(await trickled).toBeLessThan(15_000)
  await healthy()
}, 30_000)

import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { request } from 'node:http'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { parseRange } from '../../src/files/byte-range.ts'
import { startTestApi, type TestApi, TOKEN } from '../support/api.ts'
import { hostileValue, mutated, nearly } from './hostile.ts'

const SEED = 20261129
const read = <T>(name: string) =>
  JSON.parse(readFileSync(new URL(`corpus/${name}.json`, import.meta.url), 'utf8')) as T
interface Seed {
  readonly why: string
  readonly route: string
  readonly type?: string
  readonly body?: string
}
const KEY = createHash('md5').update(`demo&${TOKEN}`).digest('hex')
/** Requests that once did harm, and their like; the administrator or the company sends them. */
const CORPUS = read<Seed[]>('api')
/** Headers of uploads likewise, in place of the right ones. */
const TUS_CORPUS = read<{ why: string; headers: Record<string, string> }[]>('tus')

let api: TestApi
beforeAll(async () => {
  api = await startTestApi()
  await api.test.app.queues.create('demo', {
    ...{ name: 'taken', desc: '', priority: 1, maxWaiting: 0, maxWaitMs: 0 },
    ...{ agents: null, global: false },
  })
}, 60_000)
afterAll(async () => {
  await api.close()
})

/** By a connection of its own; 0: the server gave none. Node lets more headers out than `fetch` does. */
const send = (
  method: string,
  url: string,
  headers: Record<string, string>,
  body?: string | Buffer,
) =>
  new Promise<{ status: number; text: string }>((resolve) => {
    const none = { status: 0, text: '' }
    try {
      const asked = request(api.base + url, { method, headers, agent: false }, (answer) => {
        let text = ''
        answer.on('data', (chunk) => {
          text += chunk
        })
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }))
        answer.on('error', () => resolve(none))
      })
      asked.on('error', () => resolve(none))
      asked.end(body)
    } catch {
      resolve(none) // a header that no client can send
    }
  })

/** Answered plainly: it never fails, and never says how it works inside. */
const plain = ({ status, text }: { status: number; text: string }, what: unknown) => {
  expect([status >= 500, what]).toEqual([false, what])
  expect(text).not.toMatch(/\n\s+at |"RspCode":"5"/)
}
const served = async () => {
  expect((await send('GET', '/healthz', {})).status).toBe(200)
  expect(api.failures).toEqual([])
  api.clock.advance(60_000)
}
const ask = async (route: string, body?: string, type = 'application/json') => {
  const [method = '', url = ''] = route.split(' ')
  const headers = {
    authorization: `Bearer ${TOKEN}`,
    ...(body !== undefined && { 'content-type': type }),
  }
  plain(await send(method, url, headers, body), [route, body])
}

it.each(CORPUS)('corpus: $route, $why', async ({ route, body, type }) => {
  await ask(route, body?.replaceAll('{{key}}', KEY), type)
  await served()
})

const QUEUE = {
  ...{ name: 'q', description: 'd', priority: 1, maxWaiting: 1, maxWaitSeconds: 1 },
  ...{ agents: ['a'], global: true },
}
const COMPANY = {
  ...{ RequestId: 'r', CompID: 'demo', SecretKey: KEY, AppId: 'demo', QueueID: 1 },
  ...{ QueueName: 'q', NewQueueName: 'n', QueueDesc: 'd', Priority: 1, Global: 1 },
  ...{ PageNumber: 1, PageSize: 5 },
}
const bodyOf = (value: object) =>
  fc.oneof(
    { weight: 3, arbitrary: nearly(value).map((v) => JSON.stringify(v)) },
    { weight: 2, arbitrary: mutated(value).map((v) => JSON.stringify(v) ?? '') },
    { weight: 1, arbitrary: hostileValue.map((v) => JSON.stringify(v) ?? '') },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 300 }) },
  )

it('any body of the administrator’s and the company’s interfaces is taken or refused in one sentence', async () => {
  const some = fc.oneof(
    fc.tuple(
      fc.constantFrom('POST /api/v1/queues', 'PUT /api/v1/queues/1', 'DELETE /api/v1/queues/x'),
      bodyOf(QUEUE),
    ),
    fc.tuple(
      fc
        .constantFrom('add', 'modify', 'query', 'delete')
        .map((name) => `POST /CLOUDROOM-API/queue/${name}`),
      bodyOf(COMPANY),
    ),
    fc.tuple(fc.constant('POST /api/unload'), bodyOf({ token: 'x' })),
  )
  await fc.assert(
    fc.asyncProperty(some, fc.boolean(), async ([route, body], form) => {
      const type = form ? 'application/x-www-form-urlencoded' : 'application/json'
      await ask(route, body, type)
      api.clock.advance(5_000)
    }),
    { seed: SEED, numRuns: 250, endOnFailure: true },
  )
  await served()
}, 60_000)

const RIGHT = {
  'tus-resumable': '1.0.0',
  'upload-offset': '0',
  'content-type': 'application/offset+octet-stream',
}
const NAMES = [
  ...Object.keys(RIGHT),
  ...['upload-length', 'upload-metadata', 'upload-checksum', 'upload-concat', 'range', 'if-range'],
  ...[
    'if-none-match',
    'x-http-method-override',
    'upload-defer-length',
    'origin',
    'accept-encoding',
  ],
]
const headerValue = fc.oneof(
  fc.constantFrom('', '0', '-1', '5', '1e1', 'null', '../x', 'x'.repeat(3000), ',', ';=', '"'),
  fc.integer().map(String),
  fc.string({ maxLength: 40 }).map((text) => text.replace(/[^\x20-\x7e]/g, '~')),
)
const headers = fc
  .array(fc.tuple(fc.constantFrom(...NAMES), headerValue), { minLength: 1, maxLength: 4 })
  .map((some): Record<string, string> => Object.fromEntries(some))

it('tus: whatever its headers say, an upload never gets longer than it was promised, and no other is touched', async () => {
  await api.blobs.put('beside', Buffer.from('beside'))
  let n = 0
  await fc.assert(
    fc.asyncProperty(headers, fc.constantFrom('PATCH', 'HEAD'), async (given, method) => {
      n += 1
      const blob = `up-${n}`
      await api.blobs.create(blob, 5)
      const url = api.paths.sign({ action: 'put', blob, name: '', type: '' })
      const all = { ...RIGHT, ...given }
      const body = method === 'PATCH' ? Buffer.from('hello world'.slice(0, 5)) : undefined
      plain(await send(method, url, all, body), [method, given])
      expect(await api.blobs.length(blob)).toBeLessThanOrEqual(5)
    }),
    {
      seed: SEED,
      numRuns: 150,
      endOnFailure: true,
      examples: TUS_CORPUS.map(({ headers: given }): [Record<string, string>, 'PATCH'] => [
        given,
        'PATCH',
      ]),
    },
  )
  expect(await api.blobs.length('beside')).toBe(6)
  await served()
}, 60_000)

it('downloads: whatever the query and headers say, a link gives its file or a part of it, or nothing', async () => {
  await api.blobs.put('down', Buffer.from('0123456789'))
  const right = api.paths.sign({ action: 'get', blob: 'down', name: 'a.mp4', type: '' })
  const changed = fc
    .array(fc.tuple(fc.nat(right.length - 1), fc.nat(3), fc.string({ maxLength: 5 })), {
      maxLength: 2,
    })
    .map((changes) =>
      changes.reduce(
        (url, [at, cut, put]) =>
          url.slice(0, at) + encodeURIComponent(Buffer.from(put).toString()) + url.slice(at + cut),
        right,
      ),
    )
  await fc.assert(
    fc.asyncProperty(changed, headers, async (url, given) => {
      const answer = await send('GET', url, given)
      plain(answer, [url, given])
      // Other addresses are the web app's.
      if (!url.startsWith('/api/v1/files/')) return
      if (answer.status === 200 || answer.status === 206)
        expect('0123456789').toContain(answer.text)
      else expect(answer.text).not.toContain('6789')
    }),
    { seed: SEED, numRuns: 200, endOnFailure: true },
  )
  await served()
}, 60_000)

it('RFC 9110 §14.2: whatever a Range says, it is a part of the file, the whole, or none', () => {
  const number = fc.oneof(
    fc.nat(12).map(String),
    fc.constantFrom('', '00', '99999999999999999999', '-1', '1e1', '٣'),
  )
  const range = fc.oneof(
    fc.tuple(number, number).map(([a, b]) => `bytes=${a}-${b}`),
    fc.string({ maxLength: 20 }),
  )
  fc.assert(
    fc.property(range, fc.nat(12), (header, size) => {
      const part = parseRange(header, size)
      if (part === null || part === 'outside') return
      expect(part.start).toBeGreaterThanOrEqual(0)
      expect(part.end).toBeGreaterThanOrEqual(part.start)
      expect(part.end).toBeLessThan(size)
    }),
    { seed: SEED, numRuns: 5_000 },
  )
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { YuntangError } from '../../src/errors.ts'
import { createMd5 } from '../../src/md5.ts'
import type { Report } from '../../src/transfers/job.ts'
import { createUpload } from '../../src/transfers/upload.ts'
import { createUploadRate } from '../../src/transfers/upload-rate.ts'
import { FakeEnv } from '../link/fake-env.ts'
import { type Fate, fateful, passUntil, randomBytes, tusServer } from './fake-network.ts'

const never = new AbortController().signal
const quiet: Report = { size() {}, begin() {}, at() {} }
const md5Of = (bytes: Uint8Array) => {
  const md5 = createMd5()
  md5.update(bytes)
  return md5.digest()
}

const setup = (
  content: Blob | null,
  server: ReturnType<typeof tusServer>,
  finish = async (md5: string) => md5,
) => {
  const env = new FakeEnv()
  const said: ({ size: number; at: number } | 'cancel')[] = []
  const upload = createUpload<string>(
    {
      source: async () => content,
      async begin(size) {
        said.push({ size, at: env.now() })
        return 'http://server/upload'
      },
      finish,
      cancel: () => void said.push('cancel'),
    },
    { env, fetch: server.fetch },
    createUploadRate(env),
  )
  return { env, upload, said }
}

describe('an upload to the net disk', () => {
  it('06 §1: whatever breaks, every byte arrives once and in its place', async () => {
    const fate = fc.constantFrom<Fate>('well', 'lost', 'answer-lost', 'half', 'error')
    // Two breaks in a row are forgiven, and moving on starts the count anew.
    const fates = fc
      .array(fate, { maxLength: 30 })
      .map((list) => list.flatMap((one): Fate[] => [one, 'well', 'well']))
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 2_000_000 }), fates, async (size, list) => {
        const whole = randomBytes(size)
        const blob = new Blob([whole])
        const server = tusServer(fateful(list))
        const { env, upload } = setup(blob, server)
        const md5 = await passUntil(env, upload.run(never, quiet))
        expect(server.bytes.length).toBe(whole.length)
        expect(md5Of(server.bytes)).toBe(md5Of(whole))
        expect(md5).toBe(md5Of(whole))
      }),
      { numRuns: 25 },
    )
  })
  it('06 §1: stopped and run again it goes on where the server is', async () => {
    const content = new Blob([randomBytes(600_000)])
    const server = tusServer(fateful([]))
    const { env, upload } = setup(content, server)
    const pause = new AbortController()
    const first = upload.run(pause.signal, {
      ...quiet,
      at: (bytes) => bytes > 0 && pause.abort(new Error('paused')),
    })
    await expect(passUntil(env, first)).rejects.toThrow('paused')
    const had = server.bytes.length
    expect(had).toBeGreaterThan(0)
    await passUntil(env, upload.run(never, quiet))
    expect(server.bytes.length).toBe(600_000)
    const sent = server.requests.reduce((all, { bytes }) => all + bytes, 0)
    expect(sent).toBe(600_000)
  })
  it.each([
    ['is asked to finish again', [], 1],
    ['gets the bytes anew when it has forgotten the file', ['file.unknown'], 2],
    ['gets the bytes anew when they were others', ['file.changed'], 2],
  ] as const)(
    '06 §2: paused while the server reads the whole file, it %s',
    async (_, says, begins) => {
      const pause = new AbortController()
      const answers: string[] = ['', ...says]
      const finish = async (md5: string) => {
        const answer = answers.shift()
        if (answer === '') {
          pause.abort(new Error('paused'))
          throw new Error('paused')
        }
        if (answer) throw new YuntangError(answer as 'file.unknown')
        return md5
      }
      const server = tusServer(fateful([]))
      const { env, upload, said } = setup(new Blob(['12345']), server, finish)
      await expect(passUntil(env, upload.run(pause.signal, quiet))).rejects.toThrow('paused')
      expect(await passUntil(env, upload.run(never, quiet))).toBe(
        md5Of(new TextEncoder().encode('12345')),
      )
      expect(said).toHaveLength(begins)
    },
  )
  it('06 §1.1: fails after 3 tries, 2 s apart', async () => {
    const server = tusServer(() => 'lost')
    const { env, upload, said } = setup(new Blob(['x']), server)
    const run = upload.run(never, quiet)
    await expect(passUntil(env, run)).rejects.toEqual(new YuntangError('connection.failed'))
    const times = said.map((one) => (one === 'cancel' ? -1 : one.at))
    expect(times).toHaveLength(3)
    for (const [i, at] of times.slice(1).entries())
      expect(at - (times[i] ?? 0)).toBeGreaterThanOrEqual(2000)
  })
  it('06 §1.1: a source that is missing fails before the server hears of it', async () => {
    const server = tusServer(fateful([]))
    const { upload, said } = setup(null, server)
    await expect(upload.run(never, quiet)).rejects.toEqual(new YuntangError('files.unreadable'))
    expect([said, server.requests]).toEqual([[], []])
  })
  it('06 §1.1: a server whose disk is full is not asked again', async () => {
    let asked = 0
    const { env, upload } = setup(new Blob(['x']), {
      ...tusServer(fateful([])),
      fetch: async () => {
        asked++
        return new Response(null, { status: 507 })
      },
    })
    const run = upload.run(never, quiet)
    await expect(passUntil(env, run)).rejects.toEqual(new YuntangError('disk.full'))
    expect(asked).toBe(1)
  })
})

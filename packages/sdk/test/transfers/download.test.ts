import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { YuntangError } from '../../src/errors.ts'
import { createMd5 } from '../../src/md5.ts'
import { createDownload } from '../../src/transfers/download.ts'
import type { Report } from '../../src/transfers/job.ts'
import { FakeEnv } from '../link/fake-env.ts'
import { type Fate, fateful, passUntil, randomBytes, rangeServer } from './fake-network.ts'

const never = new AbortController().signal
const quiet: Report = { size() {}, begin() {}, at() {} }

const md5Of = (bytes: Uint8Array) => {
  const md5 = createMd5()
  md5.update(bytes)
  return md5.digest()
}

const setup = (
  content: Uint8Array<ArrayBuffer>,
  server: Pick<ReturnType<typeof rangeServer>, 'fetch'>,
  md5 = md5Of(content),
  write = async () => {},
  close = async () => {},
) => {
  const env = new FakeEnv()
  const opened: { parts: BlobPart[]; state: 'open' | 'kept' | 'dropped' }[] = []
  const download = createDownload(
    {
      begin: async () => ({ url: 'http://server/file', size: content.length, md5 }),
      async open() {
        const file = { parts: [] as BlobPart[], state: 'open' as 'open' | 'kept' | 'dropped' }
        opened.push(file)
        return {
          async write(bytes: Uint8Array<ArrayBuffer>) {
            await write()
            file.parts.push(bytes)
          },
          close,
          commit() {
            file.state = 'kept'
          },
          async discard() {
            file.state = 'dropped'
          },
        }
      },
      done: () => 'done',
    },
    { env, fetch: server.fetch },
  )
  return { env, download, opened }
}

describe('a download from the net disk', () => {
  it('06 §1: whatever breaks, the file is whole or not there', async () => {
    const fates = fc
      .array(fc.constantFrom<Fate>('lost', 'half', 'error'), { maxLength: 12 })
      .map((list) => list.flatMap((one): Fate[] => [one, 'half']))
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 60_000 }), fates, async (size, list) => {
        const content = randomBytes(size)
        const { env, download, opened } = setup(content, rangeServer(content, fateful(list)))
        await passUntil(env, download.run(never, quiet)).catch(() => download.discard())
        for (const { parts, state } of opened) {
          expect(state).not.toBe('open')
          if (state !== 'kept') continue
          const got = new Uint8Array(await new Blob(parts).arrayBuffer())
          expect(md5Of(got)).toBe(md5Of(content))
        }
      }),
      { numRuns: 40 },
    )
  })
  it('06 §1: goes on where it stopped', async () => {
    const content = randomBytes(1000)
    const server = rangeServer(content, fateful(['half']))
    const { env, download } = setup(content, server)
    expect(await passUntil(env, download.run(never, quiet))).toBe('done')
    expect(server.asked).toEqual([null, 'bytes=500-'])
  })
  it('06 §2: another MD5 than said is tried again, then fails and leaves nothing', async () => {
    const content = randomBytes(100)
    const server = rangeServer(content, fateful([]))
    const { env, download, opened } = setup(content, server, md5Of(randomBytes(5)))
    await expect(passUntil(env, download.run(never, quiet))).rejects.toThrow(YuntangError)
    expect(server.asked.length).toBeGreaterThanOrEqual(2)
    expect(opened.map(({ state }) => state)).toEqual(opened.map(() => 'dropped'))
  })
  it('06 §2: paused while the last bytes are being stored it goes on to its end', async () => {
    const content = randomBytes(1000)
    const server = rangeServer(content, fateful([]))
    const pause = new AbortController()
    const { env, download, opened } = setup(content, server, md5Of(content), undefined, async () =>
      pause.abort(new Error('paused')),
    )
    await expect(passUntil(env, download.run(pause.signal, quiet))).rejects.toThrow('paused')
    expect(await passUntil(env, download.run(never, quiet))).toBe('done')
    expect(server.asked).toEqual([null])
    expect(opened.map(({ state }) => state)).toEqual(['kept'])
  })
  it('06 §1.1: a place that takes no more fails at once', async () => {
    const content = randomBytes(100)
    const server = rangeServer(content, fateful([]))
    const { env, download } = setup(content, server, md5Of(content), async () => {
      throw new Error('quota')
    })
    await expect(passUntil(env, download.run(never, quiet))).rejects.toEqual(
      new YuntangError('files.full'),
    )
    expect(server.asked).toEqual([null])
  })
})

import { describe, expect, it } from 'vitest'
import { createChosenFiles } from '../../src/files/chosen-files.ts'
import { createFileIndex, createMemoryStore } from '../../src/files/file-index.ts'
import { createFiles } from '../../src/files/files.ts'
import { createMemoryContents } from '../../src/files/memory-contents.ts'
import { createHttpFiles } from '../../src/http-files/http-files.ts'
import { checkOrder } from '../../src/http-files/order.ts'
import { createRecords } from '../../src/http-files/records.ts'
import { FakeEnv, settle } from '../link/fake-env.ts'

const order = { path: 'a', url: 'http://h/a', upload: false, version: '', params: {} }

const setup = (fetch: typeof globalThis.fetch) => {
  const env = new FakeEnv()
  const store = createMemoryStore()
  const contents = createMemoryContents(1_000_000)
  let ids = 0
  const files = createFiles({
    index: createFileIndex(store),
    openContents: async () => contents,
    chosen: createChosenFiles(undefined),
    estimate: async () => ({ usage: 0, quota: 0, persistent: false }),
    persist: async () => false,
    pick: async () => [],
    fetchBlob: () => Promise.reject(new Error('no network')),
    room: async () => 1_000_000,
    download() {},
    now: () => 1,
    newID: () => `id${ids++}`,
  })
  const manager = createHttpFiles({
    env,
    files,
    fetch,
    records: createRecords(store),
    page: 'http://page/dir/',
    wallClock: () => 1,
    plain: async (file) => file,
    newRequest: () => {
      throw new Error('no upload here')
    },
  })
  const told: string[] = []
  manager.on('state', ({ path, state }) => told.push(`${path} ${state}`))
  manager.on('finished', ({ path, result }) => told.push(`${path} ended ${result}`))
  return { env, files, manager, told }
}

describe('06 §4: the HTTP file manager', () => {
  it.each([
    [{}, 0],
    [{ path: '' }, 2],
    [{ url: '' }, 2],
    [{ url: 'file:///x' }, 2],
    [{ url: '//host/x' }, 0],
    [{ url: 'relative' }, 0],
    [{ params: { 'a b': 1 } }, 2],
    [{ path: '/other/x' }, 6],
    [{ path: 'C:\\CLOUDROOMVIDEOSDK\\x' }, 0],
    [{ path: '/Store2/x' }, 6],
  ])('an order with %j is answered with %i', (change, result) =>
    expect(checkOrder({ ...order, ...change }, '/Store', 'http://page/')).toBe(result),
  )

  it('a server that never answers gives result 4 after 60 s', async () => {
    const { env, manager, told } = setup(
      (_url, init) =>
        new Promise((_resolve, reject) => {
          init?.signal?.addEventListener('abort', () => reject(init.signal?.reason))
        }),
    )
    manager.start(order)
    await env.pass(59_999)
    expect(told).toEqual(['a waiting', 'a running'])
    await env.pass(10)
    await settle()
    expect(told.slice(2)).toEqual(['a idle', 'a ended 4'])
    expect(manager.get('a')).toMatchObject({ state: 'idle', done: 0 })
  })

  it('records come in order of their creation, and closing says nothing', async () => {
    const { manager, told } = setup(() => new Promise(() => {}))
    for (const path of ['z', 'b', 'y', 'a']) manager.start({ ...order, path })
    expect(manager.all.map(({ path }) => path)).toEqual(['z', 'b', 'y', 'a'])
    const before = told.length
    manager.close()
    await settle()
    expect(told.length).toBe(before)
    expect(manager.all.map(({ state }) => state)).toEqual(['idle', 'idle', 'idle', 'idle'])
  })

  /** A server of one file that may fall silent after some bytes, as `fetch` sees it. */
  const serverOf = (content: Uint8Array<ArrayBuffer>, etag = () => '"1"') => {
    const ranges: (string | null)[] = []
    const state = { silentAfter: Number.POSITIVE_INFINITY }
    const fetch = async (_: unknown, { headers, signal }: RequestInit = {}) => {
      const range = new Headers(headers).get('Range')
      ranges.push(range)
      const from = Number(/\d+/.exec(range ?? '0')?.[0])
      const rest = content.slice(from)
      const body = new ReadableStream({
        start(to) {
          to.enqueue(rest.slice(0, state.silentAfter))
          if (rest.length <= state.silentAfter) to.close()
          else signal?.addEventListener('abort', () => to.error(signal.reason))
        },
      })
      const told: Record<string, string> = { 'Content-Length': `${rest.length}`, ETag: etag() }
      if (range) told['Content-Range'] = `bytes ${from}-${content.length - 1}/${content.length}`
      return new Response(body, { status: range ? 206 : 200, headers: told })
    }
    return { fetch: fetch as typeof globalThis.fetch, ranges, state }
  }
  const content = crypto.getRandomValues(new Uint8Array(5000))
  const bytesOf = async (blob: Blob | null) => new Uint8Array((await blob?.arrayBuffer()) ?? [])

  it('06 §4: one that falls silent in the middle gives 4; started again it goes on from there', async () => {
    const server = serverOf(content)
    const { env, files, manager, told } = setup(server.fetch)
    server.state.silentAfter = 2000
    manager.start(order)
    await settle()
    await env.pass(61_000)
    await settle()
    expect(told).toEqual(['a waiting', 'a running', 'a idle', 'a ended 4'])
    expect(manager.get('a')).toMatchObject({ state: 'idle', done: 2000, size: 5000 })
    expect(files.exists('a')).toBe(false)
    server.state.silentAfter = Number.POSITIVE_INFINITY
    manager.start(order)
    await settle()
    expect(server.ranges).toEqual([null, 'bytes=2000-'])
    expect(await bytesOf(await files.get('a'))).toEqual(content)
    expect(files.list().map(({ size }) => size)).toEqual([5000])
  })

  it('06 §4: what has changed on the server meanwhile is not mixed with what is there', async () => {
    let version = 1
    const server = serverOf(content, () => `"${version}"`)
    const { env, files, manager } = setup(server.fetch)
    server.state.silentAfter = 2000
    manager.start(order)
    await settle()
    manager.cancel('a')
    await env.pass(1000)
    await settle()
    server.state.silentAfter = Number.POSITIVE_INFINITY
    version = 2
    manager.start(order)
    await settle()
    expect(server.ranges).toEqual([null, 'bytes=2000-', null])
    expect(await bytesOf(await files.get('a'))).toEqual(content)
  })

  it('06 §4.1: cancelled while it waits for its turn it says 0 and nothing else', async () => {
    const { manager, told } = setup(() => new Promise(() => {}))
    for (const path of ['1', '2', '3', '4']) manager.start({ ...order, path })
    await settle()
    manager.cancel('4')
    manager.cancel('4')
    expect(told.filter((one) => one.startsWith('4'))).toEqual(['4 waiting', '4 idle'])
  })

  it('06 §5: a browser that stores no more gives 5 and keeps what it had under the path', async () => {
    const large = new Uint8Array(2_000_000)
    const { files, manager, told } = setup(serverOf(large).fetch)
    await files.put('a', 'earlier')
    manager.start(order)
    await expect.poll(() => told.at(-1)).toBe('a ended 5')
    expect(await (await files.get('a'))?.text()).toBe('earlier')
    manager.remove('a', true)
    await settle()
    expect(files.list().map(({ path }) => path)).toEqual(['/CloudroomVideoSDK/a'])
  })
})

import { describe, expect, it } from 'vitest'
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
    findChosen: () => null,
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
})

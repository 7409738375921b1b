import { describe, expect, it } from 'vitest'
import { createChosenFiles } from '../../src/files/chosen-files.ts'
import type { Contents } from '../../src/files/contents.ts'
import { createFileIndex, createMemoryStore } from '../../src/files/file-index.ts'
import { createFiles, type FilePorts } from '../../src/files/files.ts'
import { createMemoryContents } from '../../src/files/memory-contents.ts'
import { fakePorts } from './fake-ports.ts'

const DAY = 24 * 60 * 60_000
const bytes = (...list: number[]) => new Uint8Array(list)

const setup = (changes: Partial<FilePorts> = {}, contents = createMemoryContents(1_000)) => {
  const state = { now: 1_000 * DAY, room: 1_000 }
  const shared = createMemoryStore()
  const ports = fakePorts(contents, {
    index: createFileIndex(shared),
    room: async () => state.room,
    now: () => state.now,
    ...changes,
  })
  return { files: createFiles(ports), ports, state, contents, shared }
}
const textOf = async (blob: Blob | null) => (blob ? await blob.text() : null)

describe('00 §9: the virtual file store', () => {
  it('the entry is there at once, and reading does not wait for storage', async () => {
    const { files } = setup()
    const done = files.put('a.txt', 'new')
    expect(files.exists('a.txt')).toBe(true)
    expect(await textOf(await files.get('a.txt'))).toBe('new')
    await done
    expect(await textOf(await files.get('/CloudroomVideoSDK//a.txt'))).toBe('new')
  })

  it('writing replaces, and the replaced content is gone', async () => {
    const { files, contents } = setup()
    await files.put('a', 'old')
    await Promise.all([files.put('a', 'between'), files.put('a', 'last')])
    expect(await textOf(await files.get('a'))).toBe('last')
    expect(files.list().map(({ size }) => size)).toEqual([4])
    for (const id of ['id0', 'id1']) expect(await contents.open(id)).toBeNull()
  })

  it('902: what finds no room leaves what was there', async () => {
    const { files } = setup()
    await files.put('a', 'kept')
    await expect(files.put('a', 'x'.repeat(2_000))).rejects.toMatchObject({
      code: 'files.full',
      sdk: 902,
    })
    expect(await textOf(await files.get('a'))).toBe('kept')
    await expect(files.put('b', 'x'.repeat(2_000))).rejects.toMatchObject({ code: 'files.full' })
    expect(files.exists('b')).toBe(false)
    await files.put('b', 'x'.repeat(900))
  })

  it('an index that is full refuses the file', async () => {
    const store = createMemoryStore()
    const setItem = () => {
      throw new DOMException('full', 'QuotaExceededError')
    }
    const index = createFileIndex({ ...store, length: 0, setItem })
    const { files } = setup({ index })
    await expect(files.put('a', '')).rejects.toMatchObject({ code: 'files.full' })
    expect(files.exists('a')).toBe(false)
  })

  it('00 §10: two tabs on one store keep each other’s entries', async () => {
    const { files, shared, contents } = setup()
    const other = setup({ index: createFileIndex(shared), newID: () => 'other' }, contents).files
    await Promise.all([files.put('a', '1'), other.put('b', '2')])
    expect(files.list().map(({ path }) => path)).toEqual([
      '/CloudroomVideoSDK/a',
      '/CloudroomVideoSDK/b',
    ])
    expect(await textOf(await files.get('b'))).toBe('2')
  })

  it('a received file shows only when it is whole', async () => {
    const { files } = setup()
    const incoming = await files.receive('Temp/t/x', 3)
    await incoming.write(bytes(1, 2))
    expect(files.exists('Temp/t/x')).toBe(false)
    await incoming.write(bytes(3))
    await incoming.close()
    incoming.commit()
    expect(files.list('Temp')).toMatchObject([{ size: 3 }])
    const given = await files.receive('Temp/t/y', 3)
    await given.write(bytes(1))
    await given.discard()
    expect(files.exists('Temp/t/y')).toBe(false)
  })

  it('a file larger than the room is refused before its first byte', async () => {
    const { files, state } = setup()
    state.room = 10
    await expect(files.receive('x', 11)).rejects.toMatchObject({ code: 'files.full' })
    await files.receive('x', 10)
  })

  it('reads the store first, then a chosen file, then a URL', async () => {
    const chosen = new File(['chosen'], 'a.txt')
    const known = createChosenFiles(undefined)
    known.register(chosen)
    known.register(chosen, 'a.txt')
    const { files } = setup({
      chosen: known,
      fetchBlob: async (url) => new Blob([`fetched ${url}`]),
    })
    expect(await textOf(await files.read('C:\\fakepath\\a.txt'))).toBe('chosen')
    expect(await textOf(await files.read('http://h/a.txt'))).toBe('fetched http://h/a.txt')
    expect(await files.read('dir/a.txt')).toBeNull()
    await files.put('a.txt', 'stored')
    expect(await textOf(await files.read('a.txt'))).toBe('stored')
  })

  it('10 §1.3: a registered file is read under its path until it is unregistered', async () => {
    const { files } = setup({ pick: async () => [new File(['picked'], 'b.mp4')] })
    expect(files.register(new File(['x'], 'x.pcm'))).toBe('C:\\fakepath\\x.pcm')
    expect(files.register(new Blob(['y']), 'e:/y.pcm')).toBe('e:/y.pcm')
    expect(await textOf(await files.read('e:\\y.pcm'))).toBe('y')
    expect([files.unregister('e:/y.pcm'), files.unregister('e:/y.pcm')]).toEqual([true, false])
    expect(await files.read('e:/y.pcm')).toBeNull()
    expect(await files.pick()).toEqual(['C:\\fakepath\\b.mp4'])
    expect(await textOf(await files.read('C:\\fakepath\\b.mp4'))).toBe('picked')
    expect(await files.pick({ saveTo: 'media/' })).toEqual(['media/b.mp4'])
    expect(await textOf(await files.get('media/b.mp4'))).toBe('picked')
  })

  it('10 §1.1: what lies below a work directory that is a URL, and not in the store, is fetched', async () => {
    const { files } = setup({ fetchBlob: async (url) => new Blob([`fetched ${url}`]) })
    files.work = 'https://h/home/'
    expect(await textOf(await files.read('media//a.mp4'))).toBe(
      'fetched https://h/home/media/a.mp4',
    )
    expect(await textOf(await files.read('https://h/home//é.mp4'))).toBe(
      'fetched https://h/home//é.mp4',
    )
  })

  it('only temporary files of more than a day are tidied away', async () => {
    const old: string[] = []
    const memory = createMemoryContents()
    const contents: Contents = { ...memory, olderThan: async () => ['orphan', 'id1', 'id2'] }
    const removed = { ...contents, remove: async (id: string) => void old.push(id) }
    const { files, state } = setup({ openContents: async () => removed })
    await files.put('Temp/x/a', '')
    await files.put('keep', '')
    state.now += DAY
    await files.put('Temp/x/b', '')
    state.now += 1
    await files.tidy()
    expect(files.list().map(({ path }) => path.slice(19))).toEqual(['Temp/x/b', 'keep'])
    expect(old).toEqual(['id0', 'orphan'])
  })

  it('10 §1.3, ready: entries whose content is gone are dropped; until then the list is the old one', async () => {
    const { files, state, contents } = setup()
    for (const path of ['a', 'b']) await files.put(path, path)
    await contents.remove('id0')
    let ready = false
    const waiting = files.ready().then(() => {
      ready = true
    })
    await Promise.resolve()
    expect([ready, files.exists('a')]).toEqual([false, true])
    state.now += 2 * 60 * 60_000
    await files.put('c', 'of this hour')
    await contents.remove('id2')
    await files.tidy()
    await waiting
    // The content of the last one may be on its way from another tab.
    expect(files.list().map(({ path }) => path.at(-1))).toEqual(['b', 'c'])
  })

  it('10 §2.1: a growing file has its path once it is adopted, and leaves nothing when discarded', async () => {
    const { files, contents, state } = setup()
    await files.put('rec.mp4', 'old')
    const file = await files.grow('rec.mp4', 100)
    await file.write(bytes(1, 2, 3))
    expect(await textOf(await files.get('rec.mp4'))).toBe('old')
    await file.close()
    expect(await files.adopt('rec.mp4', file.id)).toBe(3)
    expect((await files.get('rec.mp4'))?.size).toBe(3)
    expect(files.list().map(({ size }) => size)).toEqual([3])
    const dropped = await files.grow('b', 100)
    await dropped.discard()
    expect(await contents.open(dropped.id)).toBeNull()
    state.room = 99
    await expect(files.grow('b', 100)).rejects.toMatchObject({ code: 'files.full' })
  })

  it('10 §3: what a closed page left of a growing file gets its path; nothing gets none', async () => {
    const { files, contents } = setup()
    const writer = await contents.create('left')
    await writer.write(bytes(1, 2))
    await writer.close()
    expect(await files.adopt('rec.mp4', 'left')).toBe(2)
    expect((await files.get('rec.mp4'))?.size).toBe(2)
    expect(await files.adopt('other.mp4', 'gone')).toBeNull()
    expect(files.exists('other.mp4')).toBe(false)
  })
})

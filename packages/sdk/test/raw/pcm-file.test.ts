import { describe, expect, it } from 'vitest'
import { YuntangError } from '../../src/errors.ts'
import { createChosenFiles } from '../../src/files/chosen-files.ts'
import { createFileIndex, createMemoryStore } from '../../src/files/file-index.ts'
import { createFiles } from '../../src/files/files.ts'
import { createMemoryContents } from '../../src/files/memory-contents.ts'
import { PcmFile } from '../../src/raw/pcm-file.ts'

const store = (room = { left: Number.POSITIVE_INFINITY }) => {
  let ids = 0
  return createFiles({
    index: createFileIndex(createMemoryStore()),
    openContents: async () => createMemoryContents(),
    chosen: createChosenFiles(undefined),
    estimate: async () => ({ usage: 0, quota: 0, persistent: false }),
    persist: async () => false,
    pick: async () => [],
    fetchBlob: async () => new Blob(),
    room: async () => room.left,
    download: () => {},
    now: () => 1,
    newID: () => `id${ids++}`,
  })
}
const bytesOf = async (files: ReturnType<typeof store>, path: string) => [
  ...new Uint8Array(await ((await files.get(path)) as Blob).arrayBuffer()),
]

describe('08 §9: sound into a file', () => {
  it('replaces an existing file once it is complete, in order', async () => {
    const files = store()
    await files.put('/a.pcm', 'old')
    const file = new PcmFile(files, '/a.pcm', () => {})
    file.write(Uint8Array.of(1, 2))
    file.write(Uint8Array.of(3, 4))
    expect(await (await files.get('/a.pcm'))?.text()).toBe('old')
    expect(await file.close()).toBeNull()
    expect(await bytesOf(files, '/a.pcm')).toEqual([1, 2, 3, 4])
    expect(files.list('/a.pcm')).toMatchObject([{ size: 4 }])
  })

  it('storage fails: it ends, and what was written stays', async () => {
    const room = { left: 2 }
    const files = store(room)
    let failed = 0
    const file = new PcmFile(files, '/a.pcm', () => failed++)
    file.write(Uint8Array.of(1, 2))
    file.write(Uint8Array.of(3, 4, 5))
    file.write(Uint8Array.of(6))
    const error = await file.close()
    expect(error).toBeInstanceOf(YuntangError)
    expect(error?.code).toBe('files.full')
    expect(failed).toBe(1)
    expect(await bytesOf(files, '/a.pcm')).toEqual([1, 2])
  })
})

import { Readable } from 'node:stream'
import { DataStore } from '@tus/server'
import type { BlobStore } from '../../src/files/blob-store.ts'

/** Blobs in memory: tests of domains write into them directly, without HTTP. */
export const memoryBlobs = () => {
  const blobs = new Map<string, Buffer>()
  const store: BlobStore = {
    uploads: new DataStore(),
    async create(id) {
      blobs.set(id, Buffer.alloc(0))
    },
    async put(id, bytes) {
      blobs.set(id, Buffer.from(bytes))
    },
    resize: async () => {},
    length: async (id) => blobs.get(id)?.length ?? null,
    settle: async () => {},
    read: (id, range) => {
      const all = blobs.get(id) ?? Buffer.alloc(0)
      return Readable.from([range ? all.subarray(range.start, range.end + 1) : all])
    },
    async remove(id) {
      blobs.delete(id)
    },
    ids: async () => [...blobs.keys()],
  }
  return { ...store, contents: blobs }
}

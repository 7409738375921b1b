import { createChosenFiles } from '../../src/files/chosen-files.ts'
import type { Contents } from '../../src/files/contents.ts'
import { createFileIndex, createMemoryStore } from '../../src/files/file-index.ts'
import type { FilePorts } from '../../src/files/files.ts'

/** A file store without a browser: contents as given, room for 1,000 bytes, and no network. */
export const fakePorts = (contents: Contents, changes: Partial<FilePorts> = {}): FilePorts => {
  let ids = 0
  return {
    index: createFileIndex(createMemoryStore()),
    openContents: async () => contents,
    chosen: createChosenFiles(undefined),
    estimate: async () => ({ usage: 0, quota: 0, persistent: false }),
    persist: async () => false,
    pick: async () => [],
    fetchBlob: async () => {
      throw new Error('no network')
    },
    room: async () => 1_000,
    download: () => {},
    now: () => 0,
    newID: () => `id${ids++}`,
    ...changes,
  }
}

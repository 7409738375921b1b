import { createChosenFiles } from './chosen-files.ts'
import type { Contents } from './contents.ts'
import { openDatabaseContents } from './database-contents.ts'
import { createFileIndex, createMemoryStore } from './file-index.ts'
import { createFiles, type FileStore } from './files.ts'
import { createMemoryContents } from './memory-contents.ts'
import { openOpfsContents } from './opfs-contents.ts'
import { pickFiles } from './pick-files.ts'

const openContents = async (): Promise<Contents> => {
  const lasting = (await openOpfsContents()) ?? (await openDatabaseContents())
  if (lasting) return lasting
  console.warn('[CRVideo] this browser stores no files: they are kept in memory, up to 256 MiB')
  return createMemoryContents()
}

/** What outlives the page and is read synchronously; null where it is refused. */
export const pageStore = (): Storage | null => {
  try {
    return globalThis.localStorage ?? null
  } catch {
    return null // refused in sandboxed frames
  }
}

/** Gives a file to the user as a browser download. */
export const downloadBlob = (blob: Blob, name: string) => {
  const url = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}

let store: FileStore | null = null

/** The page's one file store. */
export const pageFiles = (): FileStore => {
  store ??= createFiles({
    index: createFileIndex(pageStore() ?? createMemoryStore()),
    openContents,
    chosen: createChosenFiles(globalThis.document),
    async fetchBlob(url) {
      const answer = await fetch(url)
      if (!answer.ok) throw new Error(`HTTP ${answer.status}`)
      return await answer.blob()
    },
    async room() {
      const { quota, usage } = (await globalThis.navigator?.storage?.estimate?.()) ?? {}
      return quota === undefined ? Number.POSITIVE_INFINITY : quota - (usage ?? 0)
    },
    async estimate() {
      const storage = globalThis.navigator?.storage
      const { usage = 0, quota = 0 } = (await storage?.estimate?.()) ?? {}
      return { usage, quota, persistent: (await storage?.persisted?.()) ?? false }
    },
    persist: async () => (await globalThis.navigator?.storage?.persist?.()) ?? false,
    pick: pickFiles,
    download: downloadBlob,
    now: () => Date.now(),
    newID: () =>
      Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
        byte.toString(16).padStart(2, '0'),
      ).join(''),
  })
  return store
}

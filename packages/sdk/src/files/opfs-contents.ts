import { appendInPlace } from './append-in-place.ts'
import type { Contents } from './contents.ts'

const FOLDER = 'yuntang-files'

const isMissing = (error: unknown) =>
  error instanceof DOMException && error.name === 'NotFoundError'
const ignoreMissing = (error: unknown) => {
  if (!isMissing(error)) throw error
}

/** Contents in the origin's private file system, written as they come; null where it is missing. */
export const openOpfsContents = async (): Promise<Contents | null> => {
  const storage = globalThis.navigator?.storage
  if (typeof storage?.getDirectory !== 'function') return null
  if (!('createWritable' in (globalThis.FileSystemFileHandle?.prototype ?? {}))) return null
  const root = await storage.getDirectory().catch(() => null)
  const folder = await root?.getDirectoryHandle(FOLDER, { create: true }).catch(() => null)
  if (!folder) return null

  const remove = (id: string) => folder.removeEntry(id).catch(ignoreMissing)
  return {
    async create(id) {
      const handle = await folder.getFileHandle(id, { create: true })
      const stream = await handle.createWritable()
      return {
        write: (bytes) => stream.write(bytes),
        close: () => stream.close(),
        async discard() {
          await stream.abort().catch(() => {})
          await remove(id)
        },
      }
    },
    append: (id, least) => appendInPlace(FOLDER, id, least, () => remove(id)),
    async open(id) {
      try {
        return await (await folder.getFileHandle(id)).getFile()
      } catch (error) {
        ignoreMissing(error)
        return null
      }
    },
    remove,
    async olderThan(before) {
      const found: string[] = []
      for await (const [id, handle] of folder.entries()) {
        if (handle.kind !== 'file') continue
        const file = await (handle as FileSystemFileHandle).getFile().catch(() => null)
        if (file && file.lastModified < before) found.push(id)
      }
      return found
    },
  }
}

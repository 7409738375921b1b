import { createReadStream } from 'node:fs'
import { mkdir, open, readdir, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { FileStore } from '@tus/file-store'
import { Upload } from '@tus/server'
import type { BlobStore } from './blob-store.ts'

/** Ids of our own making only: nothing of a path, no dot. */
const ID = /^[\w-]{1,100}$/
const INFO = '.json'

const isMissing = (error: unknown) => (error as NodeJS.ErrnoException).code === 'ENOENT'

const flush = async (file: string) => {
  const handle = await open(file, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Blobs as files of one directory; beside each stands what tus knows of it. */
export const openBlobDirectory = async (directory: string): Promise<BlobStore> => {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const uploads = new FileStore({ directory })
  const fileOf = (id: string) => {
    if (!ID.test(id)) throw new Error('Not the id of a blob')
    return path.join(directory, id)
  }
  return {
    uploads,
    async create(id, size) {
      fileOf(id)
      await uploads.create(new Upload({ id, size, offset: 0 }))
    },
    async length(id) {
      if (!ID.test(id)) return null
      try {
        return (await stat(fileOf(id))).size
      } catch (error) {
        if (isMissing(error)) return null
        throw error
      }
    },
    async settle(id) {
      await flush(fileOf(id))
      if (process.platform !== 'win32') await flush(directory)
    },
    read: (id, range) => createReadStream(fileOf(id), range),
    async remove(id) {
      const file = fileOf(id)
      await rm(file, { force: true })
      await rm(`${file}${INFO}`, { force: true })
    },
    async ids() {
      const names = await readdir(directory)
      return names.filter((name) => ID.test(name))
    },
  }
}

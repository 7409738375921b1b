import { createReadStream, type ReadStream } from 'node:fs'
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { Upload } from '@tus/server'
import { ProtocolError } from '@yuntang/protocol'
import type { BlobStore } from './blob-store.ts'
import { BlobUploads, whenFull } from './blob-uploads.ts'

/** Ids of our own making only: nothing of a path, no dot. */
const ID = /^[\w-]{1,100}$/
const INFO = '.json'

const isMissing = (error: unknown) => (error as NodeJS.ErrnoException).code === 'ENOENT'

const asFull = (error: unknown) => (whenFull(error) ? new ProtocolError('disk.full') : error)

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
  const uploads = new BlobUploads({ directory })
  const reading = new Map<string, Set<ReadStream>>()
  const fileOf = (id: string) => {
    if (!ID.test(id)) throw new Error('Not the id of a blob')
    return path.join(directory, id)
  }
  const removeFiles = async (file: string) => {
    await rm(file, { force: true })
    await rm(`${file}${INFO}`, { force: true })
  }
  return {
    uploads,
    async create(id, size) {
      const file = fileOf(id)
      try {
        await uploads.create(new Upload({ id, size, offset: 0 }))
      } catch (error) {
        await removeFiles(file)
        throw asFull(error)
      }
    },
    async put(id, bytes) {
      const file = fileOf(id)
      try {
        // No id has a dot: what is half written is never taken for a blob.
        const handle = await open(`${file}.new`, 'w', 0o600)
        await handle.writeFile(bytes).finally(() => handle.close())
        await flush(`${file}.new`)
        await rename(`${file}.new`, file)
        if (process.platform !== 'win32') await flush(directory)
      } catch (error) {
        await rm(`${file}.new`, { force: true })
        throw asFull(error)
      }
    },
    async resize(id, size) {
      fileOf(id)
      try {
        await uploads.configstore.set(id, new Upload({ id, size, offset: 0 }))
      } catch (error) {
        throw asFull(error)
      }
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
    read(id, range) {
      const stream = createReadStream(fileOf(id), range)
      const all = reading.get(id) ?? new Set()
      reading.set(id, all.add(stream))
      stream.once('close', () => {
        all.delete(stream)
        if (all.size === 0 && reading.get(id) === all) reading.delete(id)
      })
      return stream
    },
    async remove(id) {
      const file = fileOf(id)
      for (const stream of reading.get(id) ?? []) stream.destroy(new Error('The blob was removed'))
      await removeFiles(file)
    },
    async ids() {
      const names = await readdir(directory)
      return names.filter((name) => ID.test(name))
    },
  }
}

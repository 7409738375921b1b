import { createWriteStream } from 'node:fs'
import { truncate } from 'node:fs/promises'
import path from 'node:path'
import { type Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { FileStore } from '@tus/file-store'

/** The disk, or the user's share of it, has no room. */
export const whenFull = (error: unknown): boolean =>
  ['ENOSPC', 'EDQUOT'].includes(String((error as NodeJS.ErrnoException).code))

/** 507 is Insufficient Storage (RFC 4918 §11.5). */
const FULL = { status_code: 507, body: 'The disk of the server is full\n' }
const FAILED = { status_code: 500, body: 'The file could not be written\n' }

/** What tus answers to an error of the file system; null for one of its own. */
export const answerTo = (error: object): typeof FULL | null => {
  if (whenFull(error)) return FULL
  return 'syscall' in error ? FAILED : null
}

/**
 * The tus file store, but it says when the disk is full, and gives back the room of the upload that met
 * its end: the next try begins anew. What had been written before any other failure stays.
 */
export class BlobUploads extends FileStore {
  override async write(readable: Readable, id: string, offset: number): Promise<number> {
    const file = path.join(this.directory, id)
    const to = createWriteStream(file, { flags: 'r+', start: offset })
    let received = 0
    const count = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        received += chunk.length
        done(null, chunk)
      },
    })
    try {
      await pipeline(readable, count, to)
    } catch (error) {
      if (whenFull(error)) await truncate(file, 0).catch(() => {})
      throw error
    }
    return offset + received
  }
}

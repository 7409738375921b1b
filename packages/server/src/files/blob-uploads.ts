import { createWriteStream } from 'node:fs'
import path from 'node:path'
import { type Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { FileStore } from '@tus/file-store'

/** The disk, or the user's share of it, has no room. */
export const whenFull = (error: unknown): boolean =>
  ['ENOSPC', 'EDQUOT'].includes(String((error as NodeJS.ErrnoException).code))

/** Answers as tus errors are thrown; 507 is Insufficient Storage (RFC 4918 §11.5). */
const FULL = { status_code: 507, body: 'The disk of the server is full' }
const FAILED = { status_code: 500, body: 'The file could not be written' }

/** The tus file store, but it says when the disk is full. What had been written stays. */
export class BlobUploads extends FileStore {
  override async write(readable: Readable, id: string, offset: number): Promise<number> {
    const to = createWriteStream(path.join(this.directory, id), { flags: 'r+', start: offset })
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
      throw whenFull(error) ? FULL : FAILED
    }
    return offset + received
  }
}

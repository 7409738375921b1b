import fs from 'node:fs'
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

/** Gives back the room of a file that met the end of the disk, before anybody hears of it. */
const clearWhenFull =
  <A extends unknown[]>(
    fd: number,
    done: (error: NodeJS.ErrnoException | null, ...rest: A) => void,
  ) =>
  (error: NodeJS.ErrnoException | null, ...rest: A) => {
    if (error && whenFull(error)) fs.ftruncate(fd, 0, () => done(error, ...rest))
    else done(error, ...rest)
  }

/** Bytes of an upload that wait for the disk at most: what comes while one write runs goes together in the next. */
const WAITING = 512 * 1024

/** The parts of `fs` that a write stream uses. */
const giving = {
  open: fs.open,
  close: fs.close,
  write: ((fd, bytes, offset, length, position, done) =>
    fs.write(fd, bytes, offset, length, position, clearWhenFull(fd, done))) as typeof fs.write,
  writev: ((fd, all, position, done) =>
    fs.writev(fd, all, position, clearWhenFull(fd, done))) as typeof fs.writev,
}

/**
 * The tus file store, but an upload that fills the disk loses what it had: the next try begins anew.
 * What had been written before any other failure stays.
 */
export class BlobUploads extends FileStore {
  override async write(readable: Readable, id: string, offset: number): Promise<number> {
    const file = path.join(this.directory, id)
    const how = { flags: 'r+', start: offset, fs: giving, highWaterMark: WAITING }
    const to = fs.createWriteStream(file, how)
    let received = 0
    const count = new Transform({
      highWaterMark: WAITING,
      transform(chunk: Buffer, _encoding, done) {
        received += chunk.length
        done(null, chunk)
      },
    })
    await pipeline(readable, count, to)
    return offset + received
  }
}

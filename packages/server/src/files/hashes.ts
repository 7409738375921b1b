import { createHash } from 'node:crypto'
import type { BlobStore } from './blob-store.ts'

/** Lower-case hex. */
export interface Hashes {
  readonly md5: string
  readonly sha256: string
}

type Pieces = AsyncIterable<Buffer<ArrayBuffer>>

const drain = async (pieces: Pieces) => {
  for await (const _ of pieces);
}

/** Reads a blob once for both; `follow` sees every byte of it, and has to take it to the end. */
export const hashesOf = async (
  blobs: BlobStore,
  blob: string,
  follow: (pieces: Pieces) => Promise<unknown> = drain,
): Promise<Hashes> => {
  const md5 = createHash('md5')
  const sha256 = createHash('sha256')
  const pieces = async function* () {
    for await (const chunk of blobs.read(blob)) {
      md5.update(chunk as Buffer)
      sha256.update(chunk as Buffer)
      yield chunk as Buffer<ArrayBuffer>
    }
  }
  await follow(pieces())
  return { md5: md5.digest('hex'), sha256: sha256.digest('hex') }
}

import { createHash } from 'node:crypto'
import type { BlobStore } from './blob-store.ts'

/** Lower-case hex. */
export interface Hashes {
  readonly md5: string
  readonly sha256: string
}

/** Reads a blob once for both. */
export const hashesOf = async (blobs: BlobStore, blob: string): Promise<Hashes> => {
  const md5 = createHash('md5')
  const sha256 = createHash('sha256')
  for await (const chunk of blobs.read(blob)) {
    md5.update(chunk as Buffer)
    sha256.update(chunk as Buffer)
  }
  return { md5: md5.digest('hex'), sha256: sha256.digest('hex') }
}

import type { GrowingFile } from '../files.ts'
import { type FileKey, MOST_PLAIN, sealBlock, sealHeader } from './format.ts'

/** A growing file of which only sealed blocks are written, at once and in order. */
export const sealFile = (file: GrowingFile, key: FileKey): GrowingFile => {
  let blocks = 0
  let last: Promise<void> = sealHeader(key).then((header) => file.write(header))
  // Whoever writes hears of it.
  last.catch(() => {})
  const writeAll = async (bytes: Uint8Array<ArrayBuffer>) => {
    for (let from = 0; from < bytes.length; from += MOST_PLAIN) {
      const plain = bytes.subarray(from, from + MOST_PLAIN)
      await file.write(await sealBlock(key.key, blocks++, plain))
    }
  }
  return {
    id: file.id,
    write(bytes) {
      last = last.then(() => writeAll(bytes))
      return last
    },
    close: () => file.close(),
    discard: () => file.discard(),
  }
}

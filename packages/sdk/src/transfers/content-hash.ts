import { YuntangError } from '../errors.ts'
import type { Content } from '../files/content.ts'
import { createMd5 } from '../md5.ts'

/** MD5 of a file, computed on the way. */
export interface ContentHash {
  /** Takes everything before that byte in. Rejects with files.unreadable. */
  advance(to: number): Promise<void>
  /** Of the whole file. */
  digest(): Promise<string>
}

/** Read at a time: long enough to be quick, short enough not to hold up the page. */
const PIECE = 1024 * 1024

export const createContentHash = (content: Content): ContentHash => {
  const md5 = createMd5()
  let done = 0
  let result: string | null = null

  const advance = async (to: number) => {
    while (done < to) {
      const from = done
      const piece = await content.slice(from, Math.min(to, from + PIECE))
      const bytes = await piece.arrayBuffer().catch(() => {
        throw new YuntangError('files.unreadable')
      })
      // Another run of the same transfer was faster.
      if (done !== from) continue
      md5.update(new Uint8Array(bytes))
      done += bytes.byteLength
    }
  }
  return {
    advance,
    async digest() {
      await advance(content.size)
      result ??= md5.digest()
      return result
    },
  }
}

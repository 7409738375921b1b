import { sha256 } from '@noble/hashes/sha2'
import { utf8ToBytes } from '@noble/hashes/utils'
import { fromBase64url, toBase64url } from './base64url.ts'
import { EVIDENCE } from './constants.ts'
import type { Chunk } from './format.ts'

const HASH = 32

/** Value of a recording's chain before its first chunk. */
export const chainStart = (recording: string): string =>
  toBase64url(sha256(utf8ToBytes(EVIDENCE.recordingLabel + recording)))

/**
 * The chain's value after these chunks: SHA-256 over the value before, the length of the chunk as
 * eight bytes, most significant first, and the SHA-256 of the chunk.
 * @throws TypeError when a value is no hash.
 */
export const chainOn = (head: string, chunks: Iterable<Chunk>): string => {
  const link = new Uint8Array(HASH + 8 + HASH)
  const view = new DataView(link.buffer)
  const put = (text: string, at: number) => {
    const bytes = fromBase64url(text)
    if (bytes?.length !== HASH) throw new TypeError('Not a hash')
    link.set(bytes, at)
  }
  put(head, 0)
  for (const [length, hash] of chunks) {
    view.setBigUint64(HASH, BigInt(length))
    put(hash, HASH + 8)
    link.set(sha256(link))
  }
  return toBase64url(link.subarray(0, HASH))
}

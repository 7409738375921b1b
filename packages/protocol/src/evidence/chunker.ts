import { sha256 } from '@noble/hashes/sha2'
import { utf8ToBytes } from '@noble/hashes/utils'
import { EVIDENCE } from './constants.ts'

/** How many bytes a cut depends on: older ones have left the 32 bits. */
const WINDOW = 32

/** One number for each byte value: the first four bytes of SHA-256 over the label and that byte. */
const makeGear = (): Int32Array => {
  const label = utf8ToBytes(EVIDENCE.gearLabel)
  const input = new Uint8Array(label.length + 1)
  input.set(label)
  return Int32Array.from({ length: 256 }, (_, value) => {
    input[label.length] = value
    const hash = sha256(input)
    return new DataView(hash.buffer, hash.byteOffset).getInt32(0)
  })
}
let gearTable: Int32Array | null = null

/** Cuts a stream of bytes into the chunks of its evidence. */
export interface Chunker {
  /** The chunks that end within these bytes. What lies in one piece is not copied. */
  push(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer>[]
  /** The rest; null when there is none. */
  end(): Uint8Array<ArrayBuffer> | null
}

/**
 * Cuts where the content says so: behind an insertion or a cut the same chunks come again. The rule
 * is written down in docs/evidence.md; changing it makes another format.
 */
export const createChunker = (): Chunker => {
  gearTable ??= makeGear()
  const gear = gearTable
  /** The chunk under way. */
  let parts: Uint8Array<ArrayBuffer>[] = []
  let size = 0
  let hash = 0

  /** Where the chunk under way ends in these bytes; -1 when it goes on. */
  const cutAfter = (bytes: Uint8Array, from: number): number => {
    // Before that no cut may be, and what comes that early has left the window by then.
    const skip = Math.min(Math.max(0, EVIDENCE.chunkLeast - WINDOW - size), bytes.length - from)
    size += skip
    for (let i = from + skip; i < bytes.length; i++) {
      hash = ((hash << 1) + gear[bytes[i]!]!) | 0
      size++
      if (size < EVIDENCE.chunkLeast) continue
      if (hash >>> EVIDENCE.cutShift === 0 || size === EVIDENCE.chunkMost) return i + 1
    }
    return -1
  }
  const take = (): Uint8Array<ArrayBuffer> => {
    const [first] = parts
    const isWhole = parts.length === 1 && first
    const chunk = isWhole ? first : new Uint8Array(size)
    let at = 0
    if (!isWhole)
      for (const part of parts) {
        chunk.set(part, at)
        at += part.length
      }
    parts = []
    size = 0
    hash = 0
    return chunk
  }

  return {
    push(bytes) {
      const chunks: Uint8Array<ArrayBuffer>[] = []
      let from = 0
      while (from < bytes.length) {
        const cut = cutAfter(bytes, from)
        parts.push(bytes.subarray(from, cut < 0 ? bytes.length : cut))
        if (cut < 0) break
        chunks.push(take())
        from = cut
      }
      return chunks
    },
    end: () => (size === 0 ? null : take()),
  }
}

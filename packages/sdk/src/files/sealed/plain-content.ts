import { YuntangError } from '../../errors.ts'
import type { FileKeys } from './file-keys.ts'
import {
  HEADER_BYTES,
  keyNameOf,
  LENGTH_BYTES,
  MOST_PLAIN,
  openBlock,
  provesKey,
  TAG_BYTES,
} from './format.ts'

/** What a file holds, read piece by piece. */
export interface PlainContent {
  /** Bytes. */
  readonly size: number
  /** Clamped to the content. Rejects with playing.damaged, files.unreadable. */
  read(from: number, to: number): Promise<Uint8Array<ArrayBuffer>>
}

/** Where a block of a sealed file lies. */
interface Block {
  /** Of its sealed bytes in the file. */
  readonly at: number
  /** Of its content in the whole. */
  readonly from: number
  readonly length: number
}

const bytesOf = async (blob: Blob, from: number, to: number): Promise<ArrayBuffer> => {
  try {
    return await blob.slice(from, to).arrayBuffer()
  } catch {
    throw new YuntangError('files.unreadable')
  }
}

/** Name of the key that sealed a file; null: it is not sealed. */
export const sealedBy = async (blob: Blob): Promise<string | null> =>
  keyNameOf(new Uint8Array(await bytesOf(blob, 0, HEADER_BYTES)))

/** Bytes that are looked through at once: reading many bytes takes hardly longer than four. */
const WINDOW = 4 * 1024 * 1024

/** All whole blocks: only a page that died leaves half a one. */
const findBlocks = async (blob: Blob): Promise<Block[]> => {
  const blocks: Block[] = []
  let at = HEADER_BYTES
  let from = 0
  let window = new DataView(new ArrayBuffer(0))
  let windowAt = 0
  while (at + LENGTH_BYTES < blob.size) {
    if (at + LENGTH_BYTES > windowAt + window.byteLength) {
      window = new DataView(await bytesOf(blob, at, at + WINDOW))
      windowAt = at
    }
    const length = window.getUint32(at - windowAt, true)
    const end = at + LENGTH_BYTES + length + TAG_BYTES
    if (length === 0 || length > MOST_PLAIN) throw new YuntangError('playing.damaged')
    if (end > blob.size) break
    blocks.push({ at: at + LENGTH_BYTES, from, length })
    from += length
    at = end
  }
  return blocks
}

const openSealed = async (blob: Blob, key: CryptoKey): Promise<PlainContent> => {
  const blocks = await findBlocks(blob)
  const { from: lastFrom = 0, length: lastLength = 0 } = blocks.at(-1) ?? {}
  const size = lastFrom + lastLength
  /** Readers go through a file in small steps. */
  let open: { index: number; plain: Promise<Uint8Array<ArrayBuffer>> } | null = null
  const openNow = (index: number, { at, length }: Block) => {
    if (open?.index === index) return open.plain
    const plain = bytesOf(blob, at, at + length + TAG_BYTES).then((sealed) =>
      openBlock(key, index, sealed).catch(() => {
        throw new YuntangError('playing.damaged')
      }),
    )
    open = { index, plain }
    return plain
  }
  /** Index of the block with that byte. */
  const indexAt = (byte: number) => {
    let [low, high] = [0, blocks.length - 1]
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((blocks[middle]?.from ?? 0) <= byte) low = middle
      else high = middle - 1
    }
    return low
  }
  return {
    size,
    async read(from, to) {
      const end = Math.min(size, to)
      const read = new Uint8Array(Math.max(0, end - from))
      for (let i = indexAt(from); ; i++) {
        const block = blocks[i]
        if (!block || block.from >= end) return read
        const plain = await openNow(i, block)
        const part = plain.subarray(Math.max(0, from - block.from), end - block.from)
        read.set(part, Math.max(0, block.from - from))
      }
    },
  }
}

/**
 * The content of a file, decrypted if it is sealed, with no more than a block in memory. Rejects with
 * recording.key when the key is not kept here or is another, playing.damaged, files.unreadable.
 */
export const openPlain = async (blob: Blob, keys: FileKeys): Promise<PlainContent> => {
  const name = await sealedBy(blob)
  if (name === null)
    return {
      size: blob.size,
      read: async (from, to) => new Uint8Array(await bytesOf(blob, from, Math.max(from, to))),
    }
  const key = await keys.find(name)
  const header = new Uint8Array(await bytesOf(blob, 0, HEADER_BYTES))
  if (!key || !(await provesKey(header, key))) throw new YuntangError('recording.key')
  return await openSealed(blob, key)
}

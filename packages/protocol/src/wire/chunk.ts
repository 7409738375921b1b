import { LIMITS } from '../limits.ts'

/**
 * Binary frames carry chunks of buffers and files and their confirmations (spec 04 §7). Header, big
 * endian: kind (1 byte), transfer (4), offset (4); a chunk's bytes follow. They are not numbered like
 * events: each transfer has its own offsets and repeats from the last confirmed one.
 */
export interface ChunkFrame {
  readonly kind: 'chunk'
  readonly transfer: number
  /** Position of the first byte. */
  readonly offset: number
  readonly bytes: Uint8Array<ArrayBuffer>
}
/** The receiver has stored everything before `offset`. */
export interface ConfirmFrame {
  readonly kind: 'confirm'
  readonly transfer: number
  readonly offset: number
}
export type BinaryFrame = ChunkFrame | ConfirmFrame

const HEADER = 9
const CHUNK = 1
const CONFIRM = 2

const header = (size: number, kind: number, transfer: number, offset: number) => {
  const frame = new Uint8Array(HEADER + size)
  const view = new DataView(frame.buffer)
  view.setUint8(0, kind)
  view.setUint32(1, transfer)
  view.setUint32(5, offset)
  return frame
}

export const writeChunk = (transfer: number, offset: number, bytes: Uint8Array) => {
  const frame = header(bytes.length, CHUNK, transfer, offset)
  frame.set(bytes, HEADER)
  return frame
}

export const writeConfirm = (transfer: number, offset: number) =>
  header(0, CONFIRM, transfer, offset)

/** Reads a binary frame without copying; null when it is none. */
export const parseBinaryFrame = (frame: Uint8Array<ArrayBuffer>): BinaryFrame | null => {
  if (frame.length < HEADER || frame.length > HEADER + LIMITS.chunkBytes) return null
  const view = new DataView(frame.buffer, frame.byteOffset, HEADER)
  const [kind, transfer, offset] = [view.getUint8(0), view.getUint32(1), view.getUint32(5)]
  if (transfer === 0 || offset > LIMITS.fileBytes) return null
  if (kind === CONFIRM && frame.length === HEADER) return { kind: 'confirm', transfer, offset }
  if (kind === CHUNK && frame.length > HEADER)
    return { kind: 'chunk', transfer, offset, bytes: frame.subarray(HEADER) }
  return null
}

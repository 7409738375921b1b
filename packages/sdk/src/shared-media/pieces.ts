import type { PlainContent } from '../files/sealed/plain-content.ts'
import { findFirst, PIECE_HEAD, readContainer } from './containers.ts'

/** The first piece begins before this byte. */
const MOST_HEAD = 64 * 1024
/** Bytes that are searched at once. */
const WINDOW = 64 * 1024

/** A piece of a file that plays by itself, in bytes and seconds. */
export interface Piece {
  readonly from: number
  readonly to: number
  readonly start: number
}

/** A file as a media source takes it: what comes first, then any pieces. */
export interface Pieces {
  readonly mimeType: string
  /** Bytes of what comes first. */
  readonly head: number
  /** The piece of that second; the first or last one outside. */
  at(second: number): Promise<Piece | null>
  next(piece: Piece): Promise<Piece | null>
}

/** Null: not a recording as they are written here. */
export const readPieces = async (content: PlainContent): Promise<Pieces | null> => {
  const beginning = await content.read(0, MOST_HEAD)
  const head = findFirst(beginning)
  const container = head > 0 ? readContainer(beginning.subarray(0, head)) : null
  if (!container) return null

  /** Where the next piece begins; the end of the file without one. */
  const findFrom = async (from: number): Promise<number> => {
    for (let at = from; at < content.size; at += WINDOW) {
      const bytes = await content.read(at, at + WINDOW + PIECE_HEAD)
      const found = container.find(bytes, 0)
      if (found >= 0) return at + found
    }
    return content.size
  }
  const startOf = async (from: number) =>
    container.start(await content.read(from, from + PIECE_HEAD))
  const pieceAt = async (from: number): Promise<Piece | null> =>
    from >= content.size ? null : { from, to: await findFrom(from + 1), start: await startOf(from) }
  const next = (piece: Piece) => pieceAt(piece.to)

  return {
    mimeType: container.mimeType,
    head,
    next,
    async at(second) {
      let [low, high] = [head, content.size]
      while (high - low > WINDOW) {
        const middle = Math.floor((low + high) / 2)
        const from = await findFrom(middle)
        if (from < high && (await startOf(from)) <= second) low = from
        else high = middle
      }
      let piece = await pieceAt(low)
      for (;;) {
        const later = piece && (await next(piece))
        if (!later || later.start > second) return piece
        piece = later
      }
    },
  }
}

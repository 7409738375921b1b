import { chainOn } from './chain.ts'
import type { ByteSpan } from './compare.ts'
import { EVIDENCE } from './constants.ts'
import type { Chunk, Stamp } from './format.ts'

/** When something was recorded, milliseconds since 1970; null: the stamps do not say. */
export interface TimeSpan {
  readonly after: number | null
  readonly before: number | null
}

/** What was recorded between two stamps. */
export interface Stretch {
  /** In the recording, as the stamps count. */
  readonly recorded: ByteSpan
  /** In the file that was uploaded. */
  readonly found: ByteSpan
  readonly time: TimeSpan
  /** The file that was uploaded has there what the stamps say. */
  readonly fits: boolean
}

/** What the stamps of a recording say. */
export interface Timeline {
  readonly stretches: readonly Stretch[]
  readonly stamps: number
  readonly first: number | null
  readonly last: number | null
  /** The last stamp says that the recording was stopped, and the file ends there. */
  readonly complete: boolean
  /** Bytes at the end that no stamp covers. */
  readonly unstamped: number
  /** Longest time between two stamps, ms. */
  readonly longestGap: number
  /** A later stamp, or the upload, has an earlier time: the server's clock was put back. */
  readonly clockWentBack: boolean
  /** When the server was told of these bytes of the file that was uploaded. */
  timeOf(bytes: ByteSpan): TimeSpan
}

/** Positions at which a chunk begins, or the last one ends, with its number. */
const boundariesOf = (chunks: readonly Chunk[]): ReadonlyMap<number, number> => {
  const boundaries = new Map([[0, 0]])
  let at = 0
  chunks.forEach(([length], i) => {
    at += length
    boundaries.set(at, i + 1)
  })
  return boundaries
}

/**
 * @param start value of the chain before the first chunk. @param stamps in order.
 * @param uploaded when the server had the whole file.
 */
export const readTimeline = (
  start: string,
  chunks: readonly Chunk[],
  stamps: readonly Stamp[],
  uploaded: number,
): Timeline => {
  const boundaries = boundariesOf(chunks)
  const size = chunks.reduce((sum, [length]) => sum + length, 0)
  const end = stamps.at(-1)
  /** What was put in or cut out before the upload moves what comes after it. */
  const shift = end?.final ? size - end.bytes : 0

  /** The head of a stamp is signed: the chain goes on from it, whatever stands before. */
  const leads = (head: string, { start: from, end: to }: ByteSpan, by: number, next: string) => {
    const [a, b] = [boundaries.get(from + by), boundaries.get(to + by)]
    return a !== undefined && b !== undefined && chainOn(head, chunks.slice(a, b)) === next
  }

  const stretches: Stretch[] = []
  /**
   * A stamp counts whole chunks: when it was given, up to a chunk more may have been recorded. The last
   * one at which nothing from `from` on was.
   */
  const afterFor = (from: number): number | null =>
    stretches.findLast(({ found }) => found.end + EVIDENCE.chunkMost <= from)?.time.before ?? null

  let head = start
  let bytes = 0
  let last: number | null = null
  let longestGap = 0
  let clockWentBack = false
  for (const stamp of stamps) {
    const recorded = { start: bytes, end: stamp.bytes }
    const by = [0, shift].find((moved) => leads(head, recorded, moved, stamp.head))
    const found = {
      start: by === undefined ? (stretches.at(-1)?.found.end ?? 0) : bytes + by,
      end: Math.min(size, Math.max(0, stamp.bytes + (by ?? shift))),
    }
    stretches.push({
      recorded,
      found: { start: Math.min(found.start, found.end), end: found.end },
      time: { after: afterFor(Math.min(found.start, found.end)), before: stamp.time },
      fits: by !== undefined,
    })
    if (last !== null) {
      longestGap = Math.max(longestGap, stamp.time - last)
      clockWentBack ||= stamp.time < last
    }
    head = stamp.head
    bytes = stamp.bytes
    last = stamp.time
  }
  return {
    stretches,
    stamps: stamps.length,
    first: stamps[0]?.time ?? null,
    last: end?.time ?? null,
    complete: end?.final === true && end.bytes === size,
    unstamped: Math.max(0, size - (stretches.at(-1)?.found.end ?? 0)),
    longestGap,
    clockWentBack: clockWentBack || (last !== null && uploaded < last),
    timeOf(span) {
      const before = stretches.find((s) => s.found.end >= span.end && s.found.end > span.start)
      return { after: afterFor(span.start), before: before?.time.before ?? null }
    },
  }
}

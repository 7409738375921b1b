import type { Chunk } from './format.ts'

/** Byte positions; `end` is not part of it. */
export interface ByteSpan {
  readonly start: number
  readonly end: number
}

/** A place where a file is not what was recorded. */
export interface Difference {
  /**
   * `changed`: other content of the same length; `missing`, `added`: the place is shorter or longer
   * than it was; `moved`: what was recorded stands somewhere else.
   */
  readonly kind: 'changed' | 'missing' | 'added' | 'moved'
  /** In the recording; empty, and only a place, where nothing of it is concerned. */
  readonly recorded: ByteSpan
  /** In the file; likewise. */
  readonly found: ByteSpan
}

const starts = (chunks: readonly Chunk[]): number[] => {
  const at = [0]
  for (const [length] of chunks) at.push(at.at(-1)! + length)
  return at
}

/** Chunks that both have at the beginning, and at the end behind that. */
const sameEnds = (recorded: readonly Chunk[], found: readonly Chunk[]): [number, number] => {
  const least = Math.min(recorded.length, found.length)
  let first = 0
  while (first < least && recorded[first]![1] === found[first]![1]) first++
  let last = 0
  while (last < least - first && recorded.at(-1 - last)![1] === found.at(-1 - last)![1]) last++
  return [first, last]
}

/** For every found chunk the recorded one that it is, or -1; each recorded one is given once. */
const match = (recorded: readonly Chunk[], found: readonly Chunk[]): Int32Array => {
  const [first, last] = sameEnds(recorded, found)
  const places = new Map<string, number[]>()
  for (let i = recorded.length - last - 1; i >= first; i--) {
    const [, hash] = recorded[i]!
    const known = places.get(hash)
    if (known) known.push(i)
    else places.set(hash, [i])
  }
  const fromEnd = recorded.length - found.length
  return Int32Array.from(found, ([, hash], i) => {
    if (i < first) return i
    if (i >= found.length - last) return i + fromEnd
    return places.get(hash)?.pop() ?? -1
  })
}

/** Marks the longest run of places that only grows: these chunks are where they belong. */
const inPlace = (places: Int32Array): Uint8Array => {
  /** The end of the best run of each length. */
  const ends: number[] = []
  const before = new Int32Array(places.length).fill(-1)
  for (let i = 0; i < places.length; i++) {
    const place = places[i]!
    if (place < 0) continue
    let [low, high] = [0, ends.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (places[ends[middle]!]! < place) low = middle + 1
      else high = middle
    }
    before[i] = ends[low - 1] ?? -1
    ends[low] = i
  }
  const marks = new Uint8Array(places.length)
  for (let i = ends.at(-1) ?? -1; i >= 0; i = before[i]!) marks[i] = 1
  return marks
}

const kindOf = (recorded: ByteSpan, found: ByteSpan): Difference['kind'] => {
  const longer = found.end - found.start - (recorded.end - recorded.start)
  if (longer === 0) return 'changed'
  return longer < 0 ? 'missing' : 'added'
}

/** Runs of chunks between two places for which `isOne` holds, as positions of chunks. */
const runs = (from: number, to: number, isOne: (i: number) => boolean): ByteSpan[] => {
  const all: ByteSpan[] = []
  for (let i = from; i < to; i++) {
    if (!isOne(i)) continue
    const start = i
    while (i < to && isOne(i)) i++
    all.push({ start, end: i })
  }
  return all
}

/** Where a file differs from what was recorded, in order of the file. Empty: nowhere. */
export const compare = (recorded: readonly Chunk[], found: readonly Chunk[]): Difference[] => {
  const places = match(recorded, found)
  const placed = inPlace(places)
  const kept = new Uint8Array(recorded.length)
  for (const place of places) if (place >= 0) kept[place] = 1
  const [recordedAt, foundAt] = [starts(recorded), starts(found)]
  const inRecording = ({ start, end }: ByteSpan): ByteSpan => ({
    start: recordedAt[start]!,
    end: recordedAt[end]!,
  })
  const inFile = ({ start, end }: ByteSpan): ByteSpan => ({
    start: foundAt[start]!,
    end: foundAt[end]!,
  })
  const differences: Difference[] = []

  /** What lies between two chunks that are where they belong. */
  const gap = (r: ByteSpan, f: ByteSpan) => {
    const lost = runs(r.start, r.end, (i) => !kept[i])
    const strange = runs(f.start, f.end, (i) => places[i]! < 0)
    for (let k = 0; k < Math.max(lost.length, strange.length); k++) {
      const before = inRecording(lost[k] ?? { start: r.end, end: r.end })
      const now = inFile(strange[k] ?? { start: f.end, end: f.end })
      differences.push({ kind: kindOf(before, now), recorded: before, found: now })
    }
    for (let i = f.start; i < f.end; ) {
      const place = places[i]!
      let length = 1
      while (place >= 0 && i + length < f.end && places[i + length] === place + length) length++
      if (place >= 0)
        differences.push({
          kind: 'moved',
          recorded: inRecording({ start: place, end: place + length }),
          found: inFile({ start: i, end: i + length }),
        })
      i += length
    }
  }

  let [r, f] = [0, 0]
  for (let i = 0; i < found.length; i++) {
    if (!placed[i]) continue
    const place = places[i]!
    if (place > r || i > f) gap({ start: r, end: place }, { start: f, end: i })
    r = place + 1
    f = i + 1
  }
  gap({ start: r, end: recorded.length }, { start: f, end: found.length })
  return differences.sort((a, b) => a.found.start - b.found.start || a.found.end - b.found.end)
}

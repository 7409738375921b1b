/** A kind of file that is made of pieces which begin with a key frame. */
export interface Container {
  /** With codecs, for a media source. */
  readonly mimeType: string
  /** Where the next piece begins from there on, or -1. */
  find(bytes: Uint8Array, from: number): number
  /** Seconds at which the piece at the beginning of these bytes starts; {@link PIECE_HEAD} are enough. */
  start(bytes: Uint8Array): number
}

/** Bytes of a piece that tell when it starts. */
export const PIECE_HEAD = 256

const isAt = (bytes: Uint8Array, at: number, wanted: readonly number[]): boolean =>
  wanted.every((byte, i) => bytes[at + i] === byte)

const findBytes = (bytes: Uint8Array, wanted: readonly number[], from: number): number => {
  const [first = 0] = wanted
  for (let at = bytes.indexOf(first, from); at >= 0; at = bytes.indexOf(first, at + 1))
    if (isAt(bytes, at, wanted)) return at
  return -1
}

const codes = (text: string): number[] => Array.from(text, (c) => c.charCodeAt(0))
const has = (bytes: Uint8Array, text: string) => findBytes(bytes, codes(text), 0) >= 0
const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

const EBML = [0x1a, 0x45, 0xdf, 0xa3]
/** A cluster of unknown size and the time that it begins with. */
const CLUSTER = [0x1f, 0x43, 0xb6, 0x75, 0xff, 0xe7]
const BLOCKS = [0xa3, 0xa0]
const WEBM_CODECS = { V_VP9: 'vp9', V_VP8: 'vp8', A_OPUS: 'opus' }

const findCluster = (bytes: Uint8Array, from: number): number => {
  const isWhole = (at: number) => {
    const length = (bytes[at + CLUSTER.length] ?? 0) - 0x80
    return (
      length > 0 && length <= 8 && BLOCKS.includes(bytes[at + CLUSTER.length + 1 + length] ?? 0)
    )
  }
  let at = findBytes(bytes, CLUSTER, from)
  while (at >= 0 && !isWhole(at)) at = findBytes(bytes, CLUSTER, at + 1)
  return at
}

/** WebM that was written from front to back, its times in milliseconds. */
const readWebM = (head: Uint8Array): Container | null => {
  if (!isAt(head, 0, EBML)) return null
  const names = Object.entries(WEBM_CODECS).flatMap(([id, name]) => (has(head, id) ? [name] : []))
  const kind = names.length === 1 && names[0] === 'opus' ? 'audio' : 'video'
  return {
    mimeType: `${kind}/webm; codecs="${names}"`,
    find: findCluster,
    start(bytes) {
      const length = (bytes[CLUSTER.length] ?? 0) & 0x7f
      const digits = bytes.subarray(CLUSTER.length + 1, CLUSTER.length + 1 + length)
      return digits.reduce((time, byte) => time * 256 + byte, 0) / 1000
    },
  }
}

const MOOF = codes('moof')
const MFHD = codes('mfhd')

/** How many units a second has on each track. */
const readTimescales = (head: Uint8Array): Map<number, number> => {
  const view = viewOf(head)
  const scales = new Map<number, number>()
  for (let at = findBytes(head, codes('tkhd'), 0); at >= 0; ) {
    const media = findBytes(head, codes('mdhd'), at)
    if (media < 0 || media + 32 > head.length) break
    // Times of version 1 have eight bytes each.
    const track = view.getUint32(at + (head[at + 4] === 1 ? 24 : 16))
    scales.set(track, view.getUint32(media + (head[media + 4] === 1 ? 24 : 16)))
    at = findBytes(head, codes('tkhd'), media)
  }
  return scales
}

/** Fragmented MP4. */
const readMP4 = (head: Uint8Array): Container | null => {
  if (!isAt(head, 4, codes('ftyp')) || !has(head, 'mvex')) return null
  const names: string[] = []
  const avc = findBytes(head, codes('avcC'), 0)
  const hex = (byte: number) => byte.toString(16).padStart(2, '0')
  if (avc >= 0) names.push(`avc1.${Array.from(head.subarray(avc + 5, avc + 8), hex).join('')}`)
  if (has(head, 'mp4a')) names.push('mp4a.40.2')
  const scales = readTimescales(head)
  return {
    mimeType: `${avc < 0 ? 'audio' : 'video'}/mp4; codecs="${names}"`,
    find(bytes, from) {
      let at = findBytes(bytes, MOOF, from + 4)
      while (at >= 0 && !isAt(bytes, at + 8, MFHD)) at = findBytes(bytes, MOOF, at + 1)
      return at < 0 ? -1 : at - 4
    },
    start(bytes) {
      const view = viewOf(bytes)
      const header = findBytes(bytes, codes('tfhd'), 0)
      const time = findBytes(bytes, codes('tfdt'), 0)
      if (header < 0 || time < 0) return 0
      const units =
        bytes[time + 4] === 1 ? Number(view.getBigUint64(time + 8)) : view.getUint32(time + 8)
      return units / (scales.get(view.getUint32(header + 8)) ?? 1)
    },
  }
}

/** Null: not a file of that kind. `head`: what comes before the first piece. */
export const readContainer = (head: Uint8Array): Container | null => readWebM(head) ?? readMP4(head)

/** Where the first piece of either kind begins, or -1. */
export const findFirst = (bytes: Uint8Array): number => {
  const cluster = isAt(bytes, 0, EBML) ? findCluster(bytes, 0) : -1
  if (cluster >= 0) return cluster
  const moof = findBytes(bytes, MOOF, 0)
  return moof < 0 ? -1 : moof - 4
}

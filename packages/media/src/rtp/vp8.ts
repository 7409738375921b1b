/** VP8 payloads (RFC 7741). Readers never throw on damaged input. */

/** Where the numbers stand that a layer switch rewrites; an offset of 0 means absent. */
export interface Vp8Descriptor {
  /** Bytes of the descriptor; 0 when damaged. */
  length: number
  startsPicture: boolean
  pictureIdAt: number
  /** 15 bits instead of 7. */
  wide: boolean
  pictureId: number
  tl0At: number
  tl0: number
}

export const emptyDescriptor = (): Vp8Descriptor => ({
  length: 0,
  startsPicture: false,
  pictureIdAt: 0,
  wide: false,
  pictureId: 0,
  tl0At: 0,
  tl0: 0,
})

/** RFC 7741 §4.2. Fills `out`; false when the descriptor does not fit before `end`. */
export const readVp8Descriptor = (
  b: Uint8Array,
  at: number,
  end: number,
  out: Vp8Descriptor,
): boolean => {
  out.length = out.pictureIdAt = out.tl0At = 0
  out.startsPicture = false
  if (at >= end) return false
  const first = b[at] as number
  let p = at + 1
  if (first & 0x80) {
    const flags = p < end ? (b[p] as number) : 0
    p += 1
    if (flags & 0x80) {
      if (p >= end) return false
      out.wide = ((b[p] as number) & 0x80) !== 0
      if (out.wide && p + 1 >= end) return false
      out.pictureIdAt = p
      out.pictureId = out.wide
        ? (((b[p] as number) & 0x7f) << 8) | (b[p + 1] as number)
        : (b[p] as number) & 0x7f
      p += out.wide ? 2 : 1
    }
    if (flags & 0x40) {
      if (p >= end) return false
      out.tl0At = p
      out.tl0 = b[p] as number
      p += 1
    }
    if (flags & 0x30) p += 1
  }
  if (p > end) return false
  out.length = p - at
  // S set and partition 0: the first packet of a picture.
  out.startsPicture = (first & 0x17) === 0x10
  return true
}

/** RFC 6386 §9.1: the P bit of the frame tag is 0 in a key frame. `at` is behind the descriptor. */
export const isVp8Key = (b: Uint8Array, at: number, end: number, d: Vp8Descriptor): boolean =>
  d.startsPicture && at < end && ((b[at] as number) & 0x01) === 0

/** Height in pixels from a key frame's header, or 0. */
export const vp8Height = (b: Uint8Array, at: number, end: number): number =>
  at + 10 <= end && b[at + 3] === 0x9d && b[at + 4] === 0x01 && b[at + 5] === 0x2a
    ? ((b[at + 8] as number) | ((b[at + 9] as number) << 8)) & 0x3fff
    : 0

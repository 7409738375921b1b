const IDR = 5
const SPS = 7
const STAP_A = 24
const FU_A = 28

const opens = (type: number): boolean => type === SPS || type === IDR

/** True when an H.264 payload (RFC 6184) begins a picture that can be decoded without earlier ones. */
export const isH264Key = (b: Uint8Array, at: number, end: number): boolean => {
  if (at >= end) return false
  const type = (b[at] as number) & 0x1f
  if (opens(type)) return true
  if (type === STAP_A) {
    for (let p = at + 1; p + 3 <= end; ) {
      if (opens((b[p + 2] as number) & 0x1f)) return true
      p += 2 + (((b[p] as number) << 8) | (b[p + 1] as number))
    }
    return false
  }
  if (type !== FU_A || at + 1 >= end) return false
  const head = b[at + 1] as number
  return (head & 0x80) !== 0 && opens(head & 0x1f)
}

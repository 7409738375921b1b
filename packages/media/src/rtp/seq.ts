/** True when 16-bit number `a` comes after `b`, wrap-around included (RFC 1982). */
export const isNewer = (a: number, b: number): boolean => a !== b && ((a - b) & 0xffff) < 0x8000

/** Signed distance from `b` to `a` in 16-bit arithmetic. */
export const distance = (a: number, b: number): number => {
  const d = (a - b) & 0xffff
  return d < 0x8000 ? d : d - 0x10000
}

/** Signed distance from `b` to `a` in 32-bit arithmetic, for timestamps. */
export const distance32 = (a: number, b: number): number => (a - b) | 0

/** The 16-bit number as the unwrapped one nearest to `near`. */
export const unwrap = (seq: number, near: number): number => near + distance(seq, near & 0xffff)

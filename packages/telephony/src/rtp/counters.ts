/** Signed distance from `b` to `a` in 16-bit arithmetic (RFC 1982). */
export const distance16 = (a: number, b: number): number => ((a - b) << 16) >> 16

/** Signed distance from `b` to `a` in 32-bit arithmetic. */
export const distance32 = (a: number, b: number): number => (a - b) | 0

/** Transport-wide feedback on the wire (draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1). */

const TICK_US = 250
/** The reference time counts 64 ms. */
export const REFERENCE_US = 64_000
const BODY_AT = 20

/** Status symbols: a delta of one byte, of two bytes, or no packet. */
const SMALL = 1
const LARGE = 2

export interface Arrival {
  /** Unwrapped transport-wide number. */
  n: number
  /** Monotonic, microseconds. */
  us: number
}

/** Feedback on the numbers `base` … `base + span - 1`; `arrivals` ascend by number and lie in it. */
export const writeTransportFeedback = (
  ids: { sender: number; media: number; count: number },
  base: number,
  span: number,
  arrivals: readonly Arrival[],
): Buffer => {
  const reference = Math.floor((arrivals[0]?.us ?? 0) / REFERENCE_US)
  const symbols = new Uint8Array(span)
  const deltas: number[] = []
  let previous = reference * REFERENCE_US
  for (const { n, us } of arrivals) {
    const at = n - base
    if (at < 0 || at >= span || symbols[at] !== 0) continue
    const delta = Math.max(-32768, Math.min(32767, Math.round((us - previous) / TICK_US)))
    previous += delta * TICK_US
    symbols[at] = delta >= 0 && delta <= 255 ? SMALL : LARGE
    deltas.push(delta)
  }
  const chunks = Math.ceil(span / 7)
  const bytes = Math.ceil((BODY_AT + chunks * 2 + symbols.reduce((sum, s) => sum + s, 0)) / 4) * 4
  const b = Buffer.alloc(bytes)
  b[0] = 0x8f
  b[1] = 205
  b.writeUInt16BE(bytes / 4 - 1, 2)
  b.writeUInt32BE(ids.sender, 4)
  b.writeUInt32BE(ids.media, 8)
  b.writeUInt16BE(base & 0xffff, 12)
  b.writeUInt16BE(span, 14)
  b.writeUIntBE(reference & 0xffffff, 16, 3)
  b[19] = ids.count & 0xff
  let at = BODY_AT
  for (let c = 0; c < chunks; c++, at += 2) {
    // Vectors of seven two-bit symbols: no shorter form is worth its code at our sizes.
    let chunk = 0xc000
    for (let i = 0; i < 7; i++) chunk |= (symbols[c * 7 + i] ?? 0) << (12 - i * 2)
    b.writeUInt16BE(chunk, at)
  }
  let d = 0
  for (const symbol of symbols) {
    if (symbol === SMALL) at = b.writeUInt8(deltas[d++] as number, at)
    else if (symbol === LARGE) at = b.writeInt16BE(deltas[d++] as number, at)
  }
  return b
}

/** Expands the status chunks into `out`; the offset behind them, or 0 when they are cut off. */
const readStatuses = (b: Buffer, from: number, end: number, out: Uint8Array): number => {
  let at = from
  for (let i = 0; i < out.length; at += 2) {
    if (at + 2 > end) return 0
    const chunk = b.readUInt16BE(at)
    if (!(chunk & 0x8000)) {
      const run = Math.min(chunk & 0x1fff, out.length - i)
      if (run === 0) return 0
      out.fill((chunk >> 13) & 3, i, i + run)
      i += run
    } else if (chunk & 0x4000) {
      for (let k = 0; k < 7 && i < out.length; k++) out[i++] = (chunk >> (12 - k * 2)) & 3
    } else {
      for (let k = 0; k < 14 && i < out.length; k++) out[i++] = (chunk >> (13 - k)) & 1
    }
  }
  return at
}

/**
 * Calls `visit` for every number that the feedback in `b[from, end)` reports on, in order, with the
 * arrival in microseconds of the receiver's clock (wrapping with its 24 bits of reference time), or
 * null when it did not arrive. False when the feedback is damaged.
 */
export const readTransportFeedback = (
  b: Buffer,
  from: number,
  end: number,
  visit: (seq: number, us: number | null) => void,
): boolean => {
  if (end - from < BODY_AT || end > b.length) return false
  const base = b.readUInt16BE(from + 12)
  // What one feedback may make us expand is bounded by its own size: a run chunk covers 8191.
  const statuses = new Uint8Array(Math.min(b.readUInt16BE(from + 14), 8191))
  let at = readStatuses(b, from + BODY_AT, end, statuses)
  if (at === 0) return false
  let us = b.readUIntBE(from + 16, 3) * REFERENCE_US
  for (let i = 0; i < statuses.length; i++) {
    const seq = (base + i) & 0xffff
    const size = statuses[i] === SMALL ? 1 : statuses[i] === LARGE ? 2 : 0
    if (at + size > end) return false
    if (size === 0) {
      visit(seq, null)
      continue
    }
    us += (size === 1 ? (b[at] as number) : b.readInt16BE(at)) * TICK_US
    at += size
    visit(seq, us)
  }
  return true
}

/** RTP headers (RFC 3550 §5.1), read in place; never throws. */
export interface RtpHeader {
  payloadType: number
  marker: boolean
  seq: number
  timestamp: number
  ssrc: number
  /** Offset of the first payload byte, and behind the last one. */
  payload: number
  end: number
}

export const HEADER_BYTES = 12

export const emptyHeader = (): RtpHeader => ({
  payloadType: 0,
  marker: false,
  seq: 0,
  timestamp: 0,
  ssrc: 0,
  payload: 0,
  end: 0,
})

/** Offset behind contributing sources and header extension, or -1. */
const payloadStart = (b: Buffer): number => {
  const first = b[0] as number
  const at = HEADER_BYTES + (first & 0x0f) * 4
  if (!(first & 0x10)) return at
  return at + 4 <= b.length ? at + 4 + b.readUInt16BE(at + 2) * 4 : -1
}

/** Fills `out`; false for anything that is not a whole RTP packet. */
export const readRtp = (b: Buffer, out: RtpHeader): boolean => {
  if (b.length < HEADER_BYTES || (b[0] as number) >> 6 !== 2) return false
  const payload = payloadStart(b)
  const padding = (b[0] as number) & 0x20 ? (b[b.length - 1] as number) : 0
  const end = b.length - padding
  if (payload < 0 || payload > end || ((b[0] as number) & 0x20 && padding === 0)) return false
  out.payloadType = (b[1] as number) & 0x7f
  out.marker = ((b[1] as number) & 0x80) !== 0
  out.seq = b.readUInt16BE(2)
  out.timestamp = b.readUInt32BE(4)
  out.ssrc = b.readUInt32BE(8)
  out.payload = payload
  out.end = end
  return true
}

/** A packet with a payload. */
export const writeRtp = (
  h: Pick<RtpHeader, 'payloadType' | 'marker' | 'seq' | 'timestamp' | 'ssrc'>,
  payload: Uint8Array,
): Buffer => {
  const out = Buffer.allocUnsafe(HEADER_BYTES + payload.length)
  out[0] = 0x80
  out[1] = h.payloadType | (h.marker ? 0x80 : 0)
  out.writeUInt16BE(h.seq & 0xffff, 2)
  out.writeUInt32BE(h.timestamp >>> 0, 4)
  out.writeUInt32BE(h.ssrc >>> 0, 8)
  out.set(payload, HEADER_BYTES)
  return out
}

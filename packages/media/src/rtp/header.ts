/** In-place reading of RTP headers (RFC 3550 §5.1, RFC 8285). Never throws; one record is reused. */

export interface RtpHeader {
  payloadType: number
  marker: boolean
  seq: number
  timestamp: number
  ssrc: number
  /** Offset of the first payload byte. */
  payload: number
  /** Offset behind the last payload byte, padding excluded. */
  end: number
  /** Offset and length of the extension block's content; length 0 when there is none. */
  extensions: number
  extensionsLength: number
  twoByte: boolean
}

export const emptyHeader = (): RtpHeader => ({
  payloadType: 0,
  marker: false,
  seq: 0,
  timestamp: 0,
  ssrc: 0,
  payload: 0,
  end: 0,
  extensions: 0,
  extensionsLength: 0,
  twoByte: false,
})

const ONE_BYTE = 0xbede
const TWO_BYTE = 0x1000

/** RFC 5761 §4: packet types 64–95 after masking the marker are RTCP. */
export const isRtcp = (b: Uint8Array): boolean => {
  const type = (b[1] as number) & 0x7f
  return type >= 64 && type <= 95
}

/** Fills `out`; false for anything that is not a whole RTP packet. */
export const parseRtp = (b: Buffer, out: RtpHeader): boolean => {
  if (b.length < 12 || (b[0] as number) >> 6 !== 2) return false
  const first = b[0] as number
  let at = 12 + (first & 0x0f) * 4
  if (at > b.length) return false
  out.extensionsLength = 0
  if (first & 0x10) {
    if (at + 4 > b.length) return false
    const profile = b.readUInt16BE(at)
    const length = b.readUInt16BE(at + 2) * 4
    if (at + 4 + length > b.length) return false
    if (profile === ONE_BYTE || (profile & 0xfff0) === TWO_BYTE) {
      out.extensions = at + 4
      out.extensionsLength = length
      out.twoByte = profile !== ONE_BYTE
    }
    at += 4 + length
  }
  let end = b.length
  if (first & 0x20) {
    const padding = b[b.length - 1] as number
    if (padding === 0 || at + padding > end) return false
    end -= padding
  }
  out.payloadType = (b[1] as number) & 0x7f
  out.marker = ((b[1] as number) & 0x80) !== 0
  out.seq = b.readUInt16BE(2)
  out.timestamp = b.readUInt32BE(4)
  out.ssrc = b.readUInt32BE(8)
  out.payload = at
  out.end = end
  return true
}

/** Offset of an extension's data, or 0; its length is at {@link extensionLength}. */
export const findExtension = (b: Buffer, h: RtpHeader, id: number): number => {
  if (id === 0) return 0
  const end = h.extensions + h.extensionsLength
  let at = h.extensions
  while (at < end) {
    const head = b[at] as number
    if (head === 0) {
      at += 1
      continue
    }
    const found = h.twoByte ? head : head >> 4
    const length = h.twoByte ? (b[at + 1] ?? 0) : (head & 0x0f) + 1
    const data = at + (h.twoByte ? 2 : 1)
    if (data + length > end || (!h.twoByte && found === 15)) return 0
    if (found === id) return data
    at = data + length
  }
  return 0
}

/** Length of the extension whose data starts at `data`. */
export const extensionLength = (b: Buffer, h: RtpHeader, data: number): number =>
  h.twoByte ? (b[data - 1] as number) : ((b[data - 1] as number) & 0x0f) + 1

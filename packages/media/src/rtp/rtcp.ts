/** Reading RTCP (RFC 3550 §6, RFC 4585, RFC 5104). Never throws on damaged input. */

const SR = 200
const RTPFB = 205
const PSFB = 206

/** Media feedback formats (RFC 4585 §6.2, transport-wide-cc-extensions-01 §3.1). */
const NACK = 1
const TRANSPORT_CC = 15
/** Payload feedback formats (RFC 4585 §6.3, RFC 5104 §4.3). */
const PLI = 1
const FIR = 4
const APPLICATION = 15
const REMB = 0x52454d42

export interface SenderReport {
  ssrc: number
  ntpHigh: number
  ntpLow: number
  rtpTime: number
  packets: number
  octets: number
}

/** What a compound packet may tell; each is called as it is met. */
export interface RtcpListener {
  senderReport?(report: SenderReport): void
  /** Wanted again: one call per sequence number. */
  nack?(mediaSsrc: number, seq: number): void
  /** A key frame is wanted (PLI or FIR). */
  keyFrame?(mediaSsrc: number): void
  /** REMB: what the receiver believes to be able to take, bit/s. */
  bitrate?(bitsPerSecond: number): void
  /** The part from `from` to `end` is transport-cc feedback. */
  transportFeedback?(b: Buffer, from: number, end: number): void
}

const readNack = (b: Buffer, from: number, end: number, listener: RtcpListener) => {
  const media = b.readUInt32BE(from + 8)
  for (let at = from + 12; at + 4 <= end; at += 4) {
    const seq = b.readUInt16BE(at)
    const mask = b.readUInt16BE(at + 2)
    listener.nack?.(media, seq)
    for (let bit = 0; bit < 16; bit++)
      if (mask & (1 << bit)) listener.nack?.(media, (seq + bit + 1) & 0xffff)
  }
}

/** draft-alvestrand-rmcat-remb-03 §2.2: 6 bits of exponent, 18 of mantissa. */
const readRemb = (b: Buffer, from: number, end: number, listener: RtcpListener) => {
  if (end - from < 20 || b.readUInt32BE(from + 12) !== REMB) return
  const packed = b.readUIntBE(from + 17, 3)
  listener.bitrate?.((packed & 0x3ffff) * 2 ** (packed >> 18))
}

const readPayloadFeedback = (b: Buffer, from: number, end: number, listener: RtcpListener) => {
  const format = (b[from] as number) & 0x1f
  if (format === PLI) listener.keyFrame?.(b.readUInt32BE(from + 8))
  else if (format === FIR)
    for (let at = from + 12; at + 8 <= end; at += 8) listener.keyFrame?.(b.readUInt32BE(at))
  else if (format === APPLICATION) readRemb(b, from, end, listener)
}

const readTransportLayer = (b: Buffer, from: number, end: number, listener: RtcpListener) => {
  const format = (b[from] as number) & 0x1f
  if (format === NACK) readNack(b, from, end, listener)
  else if (format === TRANSPORT_CC) listener.transportFeedback?.(b, from, end)
}

const readSenderReport = (b: Buffer, from: number, listener: RtcpListener) =>
  listener.senderReport?.({
    ssrc: b.readUInt32BE(from + 4),
    ntpHigh: b.readUInt32BE(from + 8),
    ntpLow: b.readUInt32BE(from + 12),
    rtpTime: b.readUInt32BE(from + 16),
    packets: b.readUInt32BE(from + 20),
    octets: b.readUInt32BE(from + 24),
  })

/** Walks a compound packet; stops quietly at the first damaged part. */
export const readRtcp = (b: Buffer, listener: RtcpListener): void => {
  let at = 0
  while (at + 4 <= b.length) {
    const length = (b.readUInt16BE(at + 2) + 1) * 4
    const end = at + length
    if ((b[at] as number) >> 6 !== 2 || end > b.length) return
    const type = b[at + 1]
    if (type === SR && length >= 28) readSenderReport(b, at, listener)
    else if (type === RTPFB && length >= 12) readTransportLayer(b, at, end, listener)
    else if (type === PSFB && length >= 12) readPayloadFeedback(b, at, end, listener)
    at = end
  }
}

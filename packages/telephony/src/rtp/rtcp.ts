/** The part of RTCP (RFC 3550 §6) that a telephone line needs: reports, and its name. */

const SENDER = 200
const RECEIVER = 201
const DESCRIPTION = 202
const CNAME = 1
/** Seconds from 1900 to 1970. */
const NTP_1970 = 2_208_988_800

export interface RtcpListener {
  /** A sender's clock: the middle 32 bits of its NTP time. */
  senderReport?(ssrc: number, ntpMiddle: number): void
  /** What the other side received of the stream `ssrc`; `fractionLost` of 256. */
  reception?(ssrc: number, fractionLost: number, jitter: number): void
}

/** Reads a compound packet; whatever is not whole is passed over. Never throws. */
export const readRtcp = (b: Buffer, listener: RtcpListener): void => {
  let at = 0
  while (at + 8 <= b.length) {
    const first = b[at] as number
    const end = at + 4 + b.readUInt16BE(at + 2) * 4
    if (first >> 6 !== 2 || end > b.length) return
    const type = b[at + 1] as number
    const blocks = type === SENDER ? at + 28 : at + 8
    if (type === SENDER && blocks <= end)
      listener.senderReport?.(b.readUInt32BE(at + 4), b.readUInt32BE(at + 10))
    if (type === SENDER || type === RECEIVER)
      for (let i = 0, p = blocks; i < (first & 0x1f) && p + 24 <= end; i++, p += 24)
        listener.reception?.(b.readUInt32BE(p), b[p + 4] as number, b.readUInt32BE(p + 12))
    at = end
  }
}

/** What was received of one stream since the last report (RFC 3550 §6.4.1). */
export interface ReceptionReport {
  readonly ssrc: number
  readonly fractionLost: number
  readonly lost: number
  readonly highest: number
  readonly jitter: number
  readonly lastReport: number
  /** Since then, in 1/65536 s. */
  readonly delay: number
}

export interface OwnReport {
  readonly ssrc: number
  readonly cname: string
  /** Milliseconds since 1970. */
  readonly now: number
  /** Null when nothing was sent since the last report. */
  readonly sent: {
    readonly timestamp: number
    readonly packets: number
    readonly octets: number
  } | null
  readonly received: ReceptionReport | null
}

const writeBlock = (b: Buffer, at: number, r: ReceptionReport): void => {
  b.writeUInt32BE(r.ssrc, at)
  b.writeUInt32BE(((r.fractionLost << 24) | (r.lost & 0xffffff)) >>> 0, at + 4)
  b.writeUInt32BE(r.highest >>> 0, at + 8)
  b.writeUInt32BE(r.jitter >>> 0, at + 12)
  b.writeUInt32BE(r.lastReport >>> 0, at + 16)
  b.writeUInt32BE(r.delay >>> 0, at + 20)
}

/** A sender or receiver report followed by the source's name. */
export const writeReport = ({ ssrc, cname, now, sent, received }: OwnReport): Buffer => {
  const head = sent ? 28 : 8
  const report = head + (received ? 24 : 0)
  const name = Buffer.from(cname, 'latin1').subarray(0, 255)
  // SSRC, item, at least one zero that ends the items, filled up to words.
  const description = 4 + Math.ceil((4 + 2 + name.length + 1) / 4) * 4
  const b = Buffer.alloc(report + description)
  b[0] = 0x80 | (received ? 1 : 0)
  b[1] = sent ? SENDER : RECEIVER
  b.writeUInt16BE(report / 4 - 1, 2)
  b.writeUInt32BE(ssrc, 4)
  if (sent) {
    const seconds = now / 1000 + NTP_1970
    b.writeUInt32BE(Math.floor(seconds) >>> 0, 8)
    b.writeUInt32BE(Math.floor((seconds % 1) * 2 ** 32) >>> 0, 12)
    b.writeUInt32BE(sent.timestamp >>> 0, 16)
    b.writeUInt32BE(sent.packets >>> 0, 20)
    b.writeUInt32BE(sent.octets >>> 0, 24)
  }
  if (received) writeBlock(b, head, received)
  b[report] = 0x81
  b[report + 1] = DESCRIPTION
  b.writeUInt16BE(description / 4 - 1, report + 2)
  b.writeUInt32BE(ssrc, report + 4)
  b[report + 8] = CNAME
  b[report + 9] = name.length
  name.copy(b, report + 10)
  return b
}

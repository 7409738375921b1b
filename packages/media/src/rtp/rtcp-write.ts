import type { SenderReport } from './rtcp.ts'

/** Writing RTCP (RFC 3550 §6, RFC 4585). */

/** One stream as its receiver sees it, RFC 3550 §6.4.1. */
export interface ReportBlock {
  ssrc: number
  /** 0–255 of 256 */
  fractionLost: number
  cumulativeLost: number
  highestSeq: number
  /** In units of the stream's clock. */
  jitter: number
  lastSr: number
  /** In 1/65536 s. */
  delaySinceSr: number
}

const MAX_BLOCKS = 31

const head = (count: number, type: number, bytes: number): Buffer => {
  const b = Buffer.alloc(bytes)
  b[0] = 0x80 | count
  b[1] = type
  b.writeUInt16BE(bytes / 4 - 1, 2)
  return b
}

/** Receiver report; blocks beyond 31 are left for the next one. */
export const writeReceiverReport = (sender: number, blocks: readonly ReportBlock[]): Buffer => {
  const count = Math.min(blocks.length, MAX_BLOCKS)
  const b = head(count, 201, 8 + count * 24)
  b.writeUInt32BE(sender, 4)
  for (let i = 0; i < count; i++) {
    const r = blocks[i] as ReportBlock
    const at = 8 + i * 24
    b.writeUInt32BE(r.ssrc, at)
    b.writeUInt32BE(((r.fractionLost << 24) | (r.cumulativeLost & 0xffffff)) >>> 0, at + 4)
    b.writeUInt32BE(r.highestSeq >>> 0, at + 8)
    b.writeUInt32BE(r.jitter >>> 0, at + 12)
    b.writeUInt32BE(r.lastSr >>> 0, at + 16)
    b.writeUInt32BE(r.delaySinceSr >>> 0, at + 20)
  }
  return b
}

export const writeSenderReport = (r: SenderReport): Buffer => {
  const b = head(0, 200, 28)
  b.writeUInt32BE(r.ssrc, 4)
  b.writeUInt32BE(r.ntpHigh, 8)
  b.writeUInt32BE(r.ntpLow, 12)
  b.writeUInt32BE(r.rtpTime >>> 0, 16)
  b.writeUInt32BE(r.packets >>> 0, 20)
  b.writeUInt32BE(r.octets >>> 0, 24)
  return b
}

export const writePli = (sender: number, media: number): Buffer => {
  const b = head(1, 206, 12)
  b.writeUInt32BE(sender, 4)
  b.writeUInt32BE(media, 8)
  return b
}

/** NACK of ascending sequence numbers, packed into as few entries as possible. */
export const writeNack = (sender: number, media: number, seqs: readonly number[]): Buffer => {
  const entries: [number, number][] = []
  for (const seq of seqs) {
    const last = entries.at(-1)
    const ahead = last ? (seq - last[0]) & 0xffff : 0
    if (last && ahead >= 1 && ahead <= 16) last[1] |= 1 << (ahead - 1)
    else entries.push([seq, 0])
  }
  const b = head(1, 205, 12 + entries.length * 4)
  b.writeUInt32BE(sender, 4)
  b.writeUInt32BE(media, 8)
  entries.forEach(([seq, mask], i) => {
    b.writeUInt16BE(seq, 12 + i * 4)
    b.writeUInt16BE(mask, 14 + i * 4)
  })
  return b
}

import { extensionLength, findExtension, type RtpHeader } from '../rtp/header.ts'
import { emptyDescriptor, readVp8Descriptor, type Vp8Descriptor } from '../rtp/vp8.ts'

/**
 * Every packet is brought once into one fixed layout: 12 bytes of header, an extension block of 4 + 8
 * bytes, the payload. A receiver's numbers are then written at fixed offsets, without a second copy.
 */
export const PAYLOAD_AT = 24
const LEVEL_AT = 16
const TRANSPORT_SEQ_AT = 20
const SILENT = 0x7f

/** A packet in the layout with its original numbers; the buffer is rewritten for each receiver. */
export interface MediaPacket {
  readonly bytes: Buffer
  readonly seq: number
  readonly timestamp: number
  readonly ssrc: number
  /** RFC 6464 byte: voice flag and level. */
  readonly level: number
  /** VP8 only; null otherwise. Offsets are those of the layout. */
  readonly vp8: Vp8Descriptor | null
  /** Milliseconds, for the age bound. */
  readonly at: number
}

/** RFC 6464 byte of a packet, or silence. */
export const audioLevel = (source: Buffer, h: RtpHeader, id: number): number => {
  const at = findExtension(source, h, id)
  return at && extensionLength(source, h, at) >= 1 ? (source[at] as number) : SILENT
}

/** Copies a packet into the layout; only its audio level is kept of the header extensions. */
export const toLayout = (
  source: Buffer,
  h: RtpHeader,
  level: number,
  isVp8: boolean,
  now: number,
): MediaPacket => {
  const bytes = Buffer.allocUnsafe(PAYLOAD_AT + h.end - h.payload)
  bytes[0] = 0x90
  bytes[1] = h.payloadType | (h.marker ? 0x80 : 0)
  bytes.writeUInt32BE(0xbede0002, 12)
  source.copy(bytes, PAYLOAD_AT, h.payload, h.end)
  const vp8 = isVp8 ? emptyDescriptor() : null
  if (vp8) readVp8Descriptor(bytes, PAYLOAD_AT, bytes.length, vp8)
  return { bytes, seq: h.seq, timestamp: h.timestamp, ssrc: h.ssrc, level, vp8, at: now }
}

/** What one receiver is written: its own numbers and header extension ids (0 = not negotiated). */
export interface Addressing {
  payloadType: number
  ssrc: number
  audioLevelId: number
  transportCcId: number
}

/** How one stream's numbers become a receiver's; each is added. */
export interface Shift {
  seq: number
  timestamp: number
  picture: number
  tl0: number
}

/** Zero bytes are padding between extensions (RFC 8285 §4.2). */
const writeExtensions = (b: Buffer, to: Addressing, level: number): void => {
  b[LEVEL_AT] = to.audioLevelId << 4
  b[LEVEL_AT + 1] = to.audioLevelId ? level : 0
  b[LEVEL_AT + 2] = b[LEVEL_AT + 3] = 0
  b[TRANSPORT_SEQ_AT] = to.transportCcId ? (to.transportCcId << 4) | 1 : 0
  b[TRANSPORT_SEQ_AT + 1] = b[TRANSPORT_SEQ_AT + 2] = b[TRANSPORT_SEQ_AT + 3] = 0
}

/** The transport-wide number, written last: retransmissions take a new one. */
export const writeTransportSeq = (b: Buffer, seq: number): void => {
  b[TRANSPORT_SEQ_AT + 1] = (seq >> 8) & 0xff
  b[TRANSPORT_SEQ_AT + 2] = seq & 0xff
}

/** Rewrites the packet's buffer in place for one receiver. */
export const address = (p: MediaPacket, to: Addressing, shift: Shift): void => {
  const b = p.bytes
  b[1] = ((b[1] as number) & 0x80) | to.payloadType
  b.writeUInt16BE((p.seq + shift.seq) & 0xffff, 2)
  b.writeUInt32BE((p.timestamp + shift.timestamp) >>> 0, 4)
  b.writeUInt32BE(to.ssrc, 8)
  writeExtensions(b, to, p.level)
  const { vp8 } = p
  if (!vp8) return
  if (vp8.pictureIdAt) {
    const id = vp8.pictureId + shift.picture
    if (vp8.wide) b.writeUInt16BE(0x8000 | (id & 0x7fff), vp8.pictureIdAt)
    else b[vp8.pictureIdAt] = id & 0x7f
  }
  if (vp8.tl0At) b[vp8.tl0At] = (vp8.tl0 + shift.tl0) & 0xff
}

/** RFC 4588 §4: an addressed packet as payload of the repair stream. */
export const toRtx = (
  b: Buffer,
  rtx: { payloadType: number; ssrc: number; seq: number },
): Buffer => {
  const out = Buffer.allocUnsafe(b.length + 2)
  b.copy(out, 0, 0, PAYLOAD_AT)
  b.copy(out, PAYLOAD_AT, 2, 4)
  b.copy(out, PAYLOAD_AT + 2, PAYLOAD_AT)
  out[1] = ((b[1] as number) & 0x80) | rtx.payloadType
  out.writeUInt16BE(rtx.seq & 0xffff, 2)
  out.writeUInt32BE(rtx.ssrc, 8)
  return out
}

/** Size of a packet of {@link toPadding}. */
export const PADDING_BYTES = PAYLOAD_AT + 0xff

/** A packet of mere padding for the repair stream (RFC 3550 §5.1, P bit). */
export const toPadding = (
  to: Addressing,
  rtx: { payloadType: number; ssrc: number; seq: number },
  timestamp: number,
): Buffer => {
  const out = Buffer.alloc(PADDING_BYTES)
  out[0] = 0xb0
  out[1] = rtx.payloadType
  out.writeUInt16BE(rtx.seq & 0xffff, 2)
  out.writeUInt32BE(timestamp >>> 0, 4)
  out.writeUInt32BE(rtx.ssrc, 8)
  out.writeUInt32BE(0xbede0002, 12)
  writeExtensions(out, { ...to, audioLevelId: 0 }, 0)
  out[PADDING_BYTES - 1] = 0xff
  return out
}

/** The repaired packet of a repair packet, or null for mere padding. */
export const fromRtx = (
  source: Buffer,
  h: RtpHeader,
  original: { payloadType: number; ssrc: number },
): Buffer | null => {
  if (h.end - h.payload < 3) return null
  const out = Buffer.allocUnsafe(h.end - 2)
  source.copy(out, 0, 0, h.payload)
  source.copy(out, h.payload, h.payload + 2, h.end)
  out[0] = (out[0] as number) & ~0x20
  out[1] = ((out[1] as number) & 0x80) | original.payloadType
  source.copy(out, 2, h.payload, h.payload + 2)
  out.writeUInt32BE(original.ssrc, 8)
  return out
}

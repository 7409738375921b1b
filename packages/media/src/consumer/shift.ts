import type { Layer } from '../producer/layer.ts'
import type { MediaPacket, Shift } from '../producer/layout.ts'
import { distance, distance32, isNewer } from '../rtp/seq.ts'

/** From `first` on, a receiver got this layer's packets with this shift. */
export interface Span {
  readonly layer: Layer
  readonly generation: number
  readonly first: number
  readonly shift: Shift
}

/** The newest numbers a receiver was sent. */
export interface LastSent {
  seq: number
  timestamp: number
  picture: number
  tl0: number
  at: number
}

const PICTURES = 0x8000

/** Notes what a packet looked like when it went out. */
export const noteSent = (last: LastSent, p: MediaPacket, shift: Shift): void => {
  const seq = (p.seq + shift.seq) & 0xffff
  if (!isNewer(seq, last.seq)) return
  last.seq = seq
  last.timestamp = (p.timestamp + shift.timestamp) >>> 0
  last.at = p.at
  // Padding has no descriptor: it says nothing of pictures.
  if (!p.vp8?.length) return
  last.picture = (p.vp8.pictureId + shift.picture) & (PICTURES - 1)
  last.tl0 = (p.vp8.tl0 + shift.tl0) & 0xff
}

/**
 * The timestamp shift under which `to` goes on where `from` was: by the publisher's own clock when it
 * has told it for both, else by the time that passed.
 */
const timestampShift = (from: Span, to: Layer, p: MediaPacket, last: LastSent): number => {
  if (from.layer === to && from.generation === to.generation) return from.shift.timestamp
  const a = from.generation === from.layer.generation ? from.layer.reception.clock : null
  const b = to.reception.clock
  const perMs = to.codec.clockRate / 1000
  let out = last.timestamp + Math.max(1, Math.round((p.at - last.at) * perMs))
  if (a && b) {
    const ntpMs = b.ntpMs + distance32(p.timestamp, b.rtpTime) / perMs
    out = Math.round(a.rtpTime + (ntpMs - a.ntpMs) * perMs) + from.shift.timestamp
  }
  // The same picture from another layer must not look like an older one.
  if (distance32(out, last.timestamp) <= 0) out = last.timestamp + 1
  return (out - p.timestamp) >>> 0
}

/** The shift with which a layer begins at packet `p`, continuing all numbers without a break. */
export const beginAt = (from: Span | null, to: Layer, p: MediaPacket, last: LastSent): Shift => {
  const seq = (last.seq + 1 - p.seq) & 0xffff
  if (!from) return { seq, timestamp: 0, picture: 0, tl0: 0 }
  return {
    seq,
    timestamp: timestampShift(from, to, p, last),
    picture: p.vp8 ? distance(last.picture + 1, p.vp8.pictureId) : 0,
    tl0: p.vp8 ? last.tl0 + 1 - p.vp8.tl0 : 0,
  }
}

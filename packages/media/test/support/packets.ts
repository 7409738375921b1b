/** Bytes from hex with blanks. */
export const hex = (text: string): Buffer => Buffer.from(text.replace(/\s/g, ''), 'hex')

export interface RtpFields {
  pt?: number
  seq?: number
  timestamp?: number
  ssrc?: number
  marker?: boolean
  /** One-byte header extensions by id. */
  ext?: Readonly<Record<number, Buffer | string>>
  payload?: Buffer
}

export const rtp = (f: RtpFields = {}): Buffer => {
  const parts = Object.entries(f.ext ?? {}).map(([id, value]) => {
    const data = typeof value === 'string' ? Buffer.from(value) : value
    return Buffer.concat([Buffer.from([(Number(id) << 4) | (data.length - 1)]), data])
  })
  const body = Buffer.concat(parts)
  const padded = Buffer.concat([body, Buffer.alloc((4 - (body.length % 4)) % 4)])
  const head = Buffer.alloc(12)
  head[0] = 0x80 | (parts.length ? 0x10 : 0)
  head[1] = (f.marker ? 0x80 : 0) | (f.pt ?? 96)
  head.writeUInt16BE((f.seq ?? 1) & 0xffff, 2)
  head.writeUInt32BE((f.timestamp ?? 0) >>> 0, 4)
  head.writeUInt32BE(f.ssrc ?? 0x1234, 8)
  const profile = Buffer.from([0xbe, 0xde, 0, padded.length / 4])
  const payload = f.payload ?? Buffer.from([1, 2, 3])
  return Buffer.concat([head, ...(parts.length ? [profile, padded] : []), payload])
}

/** A VP8 packet that begins a picture, with 15-bit picture id and TL0PICIDX. */
export const vp8 = (o: { key: boolean; picture: number; tl0: number; height?: number }): Buffer =>
  Buffer.concat([
    Buffer.from([0x90, 0xc0, 0x80 | (o.picture >> 8), o.picture & 0xff, o.tl0]),
    o.key
      ? Buffer.from([
          0x10,
          0,
          0,
          0x9d,
          0x01,
          0x2a,
          0x40,
          0x01,
          (o.height ?? 180) & 0xff,
          (o.height ?? 180) >> 8,
        ])
      : Buffer.from([0x11, 0, 0]),
    Buffer.alloc(20, 7),
  ])

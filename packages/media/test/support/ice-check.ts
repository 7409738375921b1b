import { createHmac, randomBytes } from 'node:crypto'
import { crc32 } from 'node:zlib'

const attribute = (type: number, value: Buffer): Buffer => {
  const head = Buffer.alloc(4)
  head.writeUInt16BE(type, 0)
  head.writeUInt16BE(value.length, 2)
  return Buffer.concat([head, value, Buffer.alloc(-value.length & 3)])
}
const uint32 = (value: number): Buffer => {
  const b = Buffer.alloc(4)
  b.writeUInt32BE(value >>> 0)
  return b
}
const TRANSACTION = randomBytes(12)

/** A check as Chromium's controlling side sends it (RFC 8445 §7.1.1). */
export const iceCheck = (of: { user: string; password: string; tieBreaker: bigint }): Buffer => {
  const breaker = Buffer.alloc(8)
  breaker.writeBigUInt64BE(of.tieBreaker)
  const body = Buffer.concat([
    attribute(0x0006, Buffer.from(of.user)),
    attribute(0xc057, uint32(0x0003e7)),
    attribute(0x802a, breaker),
    attribute(0x0025, Buffer.alloc(0)),
    attribute(0x0024, uint32(1_853_759_487)),
  ])
  const message = (extra: number, ...parts: Buffer[]) => {
    const rest = Buffer.concat([body, ...parts])
    const head = Buffer.alloc(20)
    head.writeUInt16BE(0x0001, 0)
    head.writeUInt16BE(rest.length + extra, 2)
    head.writeUInt32BE(0x2112a442, 4)
    TRANSACTION.copy(head, 8)
    return Buffer.concat([head, rest])
  }
  const integrity = attribute(0x0008, createHmac('sha1', of.password).update(message(24)).digest())
  const fingerprint = attribute(0x8028, uint32(crc32(message(8, integrity)) ^ 0x5354554e))
  return message(0, integrity, fingerprint)
}

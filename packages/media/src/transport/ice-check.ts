import { createHmac, timingSafeEqual } from 'node:crypto'
import { crc32 } from 'node:zlib'

const HEADER = 20
const BINDING_REQUEST = 0x0001
const MAGIC = 0x2112a442
const USERNAME = 0x0006
const INTEGRITY = 0x0008
const FINGERPRINT = 0x8028
const CONTROLLED = 0x8029
const CONTROLLING = 0x802a
const INTEGRITY_BYTES = 20
const FINGERPRINT_XOR = 0x5354554e

/** Where the parts of a connectivity check stand (RFC 8489 §5, RFC 8445 §16.1); offsets are those of attributes. */
export interface IceCheck {
  /** Ufrag of the side that is checked: the first half of the user name. */
  readonly ufrag: string
  readonly integrity: number
  readonly tieBreaker: number | null
  readonly fingerprint: number | null
}

/** Reads a binding request of ICE; null for anything else, however damaged. */
export const readIceCheck = (packet: Buffer): IceCheck | null => {
  if (packet.length < HEADER || packet.readUInt16BE(0) !== BINDING_REQUEST) return null
  if (packet.readUInt16BE(2) !== packet.length - HEADER || packet.readUInt32BE(4) !== MAGIC)
    return null
  let ufrag: string | null = null
  let integrity: number | null = null
  let tieBreaker: number | null = null
  let fingerprint: number | null = null
  for (let at = HEADER; at < packet.length; ) {
    if (at + 4 > packet.length) return null
    const type = packet.readUInt16BE(at)
    const bytes = packet.readUInt16BE(at + 2)
    const next = at + 4 + bytes + (-bytes & 3)
    if (next > packet.length) return null
    if (type === FINGERPRINT && bytes === 4) fingerprint = at
    // RFC 8489 §14.5: what follows the integrity, but for the fingerprint, does not count.
    else if (integrity === null) {
      if (type === USERNAME)
        ufrag = packet.toString('latin1', at + 4, at + 4 + bytes).split(':')[0] ?? null
      else if (type === INTEGRITY && bytes === INTEGRITY_BYTES) integrity = at
      else if ((type === CONTROLLING || type === CONTROLLED) && bytes === 8) tieBreaker = at
    }
    at = next
  }
  return ufrag === null || integrity === null ? null : { ufrag, integrity, tieBreaker, fingerprint }
}

/** HMAC-SHA1 over all before the integrity, with the length that the header then had (RFC 8489 §14.5). */
const integrityOf = (packet: Buffer, at: number, password: string): Buffer => {
  const head = Buffer.from(packet.subarray(0, HEADER))
  head.writeUInt16BE(at + 4 + INTEGRITY_BYTES - HEADER, 2)
  return createHmac('sha1', password).update(head).update(packet.subarray(HEADER, at)).digest()
}

/** Whether the sender knows the password of the side that it checks. */
export const isGenuine = (packet: Buffer, { integrity }: IceCheck, password: string): boolean =>
  timingSafeEqual(
    integrityOf(packet, integrity, password),
    packet.subarray(integrity + 4, integrity + 4 + INTEGRITY_BYTES),
  )

/** Whether it has a tie-breaker of nothing but zeroes, which the library takes for none and refuses. */
export const lacksTieBreaker = (packet: Buffer, { tieBreaker }: IceCheck): boolean =>
  tieBreaker !== null && packet.readBigUInt64BE(tieBreaker + 4) === 0n

/** The same check with the least tie-breaker, signed anew. */
export const withTieBreaker = (
  packet: Buffer,
  check: IceCheck,
  password: string,
): Buffer<ArrayBuffer> => {
  const made = Buffer.from(packet)
  if (check.tieBreaker !== null) made.writeBigUInt64BE(1n, check.tieBreaker + 4)
  integrityOf(made, check.integrity, password).copy(made, check.integrity + 4)
  if (check.fingerprint !== null) {
    const sum = crc32(made.subarray(0, check.fingerprint)) ^ FINGERPRINT_XOR
    made.writeUInt32BE(sum >>> 0, check.fingerprint + 4)
  }
  return made
}

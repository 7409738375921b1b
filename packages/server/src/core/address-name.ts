import { isIPv6 } from 'node:net'

const MAPPED = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/

const dotted = (high: string, low: string): string => {
  const number = (Number.parseInt(high, 16) << 16) | Number.parseInt(low, 16)
  return [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join('.')
}

/** The eight groups of an IPv6 address in its canonical form (RFC 5952). */
const groups = (canonical: string): string[] => {
  const [head = '', tail] = canonical.split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail ? tail.split(':') : []
  const zeros = tail === undefined ? 0 : 8 - left.length - right.length
  return [...left, ...Array<string>(zeros).fill('0'), ...right]
}

/**
 * The name under which an address is counted: an IPv6 network of 64 bits is one subscriber, and an
 * IPv4 address is the same when it arrives mapped into IPv6. However it is written, it has one name.
 */
export const addressName = (address: string): string => {
  const plain = address.split('%')[0] ?? ''
  if (!isIPv6(plain)) return address
  const canonical = new URL(`http://[${plain}]`).hostname.slice(1, -1)
  const mapped = MAPPED.exec(canonical)
  if (mapped?.[1] && mapped[2]) return dotted(mapped[1], mapped[2])
  return groups(canonical).slice(0, 4).join(':')
}

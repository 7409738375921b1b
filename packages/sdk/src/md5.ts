/** MD5 (RFC 1321), only for the classic login format: accounts are known by their password's MD5. */

const SHIFTS = [
  [7, 12, 17, 22],
  [5, 9, 14, 20],
  [4, 11, 16, 23],
  [6, 10, 15, 21],
] as const
const SINES = Array.from({ length: 64 }, (_, i) => Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32))

/** Message, 0x80, zeros up to 56 mod 64, length in bits as 64-bit little-endian. */
const pad = (message: Uint8Array): DataView => {
  const size = (Math.floor((message.length + 8) / 64) + 1) * 64
  const bytes = new Uint8Array(size)
  bytes.set(message)
  bytes[message.length] = 0x80
  const view = new DataView(bytes.buffer)
  view.setUint32(size - 8, message.length * 8, true)
  view.setUint32(size - 4, Math.floor(message.length / 2 ** 29), true)
  return view
}

const round = (i: number, b: number, c: number, d: number): [mix: number, word: number] => {
  if (i < 16) return [(b & c) | (~b & d), i]
  if (i < 32) return [(d & b) | (~d & c), (5 * i + 1) % 16]
  if (i < 48) return [b ^ c ^ d, (3 * i + 5) % 16]
  return [c ^ (b | ~d), (7 * i) % 16]
}

/** MD5 of the UTF-8 text as 32 lower-case hex digits. */
export const md5 = (text: string): string => {
  const view = pad(new TextEncoder().encode(text))
  const sum = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476]
  for (let block = 0; block < view.byteLength; block += 64) {
    let [a, b, c, d] = sum as [number, number, number, number]
    for (let i = 0; i < 64; i++) {
      const [mix, word] = round(i, b, c, d)
      const turn = SHIFTS[i >> 4]![i % 4]!
      const value = (a + mix + SINES[i]! + view.getUint32(block + word * 4, true)) | 0
      a = d
      d = c
      c = b
      b = (b + ((value << turn) | (value >>> (32 - turn)))) | 0
    }
    ;[a, b, c, d].forEach((part, i) => {
      sum[i] = (sum[i]! + part) | 0
    })
  }
  const out = new DataView(new ArrayBuffer(16))
  sum.forEach((part, i) => {
    out.setInt32(i * 4, part, true)
  })
  return Array.from({ length: 16 }, (_, i) => out.getUint8(i).toString(16).padStart(2, '0')).join(
    '',
  )
}

/**
 * What crosses the wire for a password: its MD5 in lower case, or the text itself when it is one (spec 02
 * §3). A page that remembers a login keeps this and gives it to `login` as the password.
 */
export const passwordDigest = (password: string): string =>
  /^[0-9a-f]{32}$/i.test(password) ? password.toLowerCase() : md5(password)

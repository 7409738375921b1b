import { md5 as hash } from '@noble/hashes/legacy.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'

/** MD5 (RFC 1321) of the UTF-8 text as 32 lower-case hex digits. */
export const md5 = (text: string): string => bytesToHex(hash(utf8ToBytes(text)))

/** MD5 of bytes as they come. */
export interface Md5 {
  update(bytes: Uint8Array): void
  /** 32 lower-case hex digits; nothing may follow. */
  digest(): string
}

export const createMd5 = (): Md5 => {
  const state = hash.create()
  return {
    update: (bytes) => void state.update(bytes),
    digest: () => bytesToHex(state.digest()),
  }
}

/**
 * What crosses the wire for a password: its MD5 in lower case, or the text itself when it is one (spec 02
 * §3). A page that remembers a login keeps this and gives it to `login` as the password.
 */
export const passwordDigest = (password: string): string =>
  /^[0-9a-f]{32}$/i.test(password) ? password.toLowerCase() : md5(password)

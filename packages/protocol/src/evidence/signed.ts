import { utf8ToBytes } from '@noble/hashes/utils'
import { fromBase64url } from './base64url.ts'
import { canonicalText } from './canonical.ts'
import { EVIDENCE } from './constants.ts'
import type { Manifest, Stamp } from './format.ts'

/** What a platform does for evidence. */
export interface EvidenceCrypto {
  /** SHA-256 */
  digest(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array>
  /** Ed25519 (RFC 8032 §5.1.7). False for a wrong one, also for a key that is none. */
  verify(
    key: Uint8Array<ArrayBuffer>,
    message: Uint8Array<ArrayBuffer>,
    signature: Uint8Array<ArrayBuffer>,
  ): Promise<boolean>
}

const message = (label: string, statement: object): Uint8Array<ArrayBuffer> =>
  new Uint8Array(utf8ToBytes(label + canonicalText(statement as never)))

/** The bytes that are signed for a stamp. */
export const stampMessage = ({
  signature: _,
  ...statement
}: Omit<Stamp, 'signature'> & {
  signature?: string
}): Uint8Array<ArrayBuffer> => message(EVIDENCE.stampLabel, statement)

/** The bytes that are signed for a manifest; its key is among them. */
export const manifestMessage = ({
  signature: _,
  ...statement
}: Omit<Manifest, 'signature'> & {
  signature?: string
}): Uint8Array<ArrayBuffer> => message(EVIDENCE.manifestLabel, statement)

/** @param key base64url */
export const isSigned = async (
  crypto: EvidenceCrypto,
  key: string,
  text: Uint8Array<ArrayBuffer>,
  signature: string,
): Promise<boolean> => {
  const [keyBytes, signed] = [fromBase64url(key), fromBase64url(signature)]
  return keyBytes !== null && signed !== null && (await crypto.verify(keyBytes, text, signed))
}

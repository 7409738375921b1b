/**
 * A sealed file: `CRRF0001`, the name of its key (16 bytes), a proof of the key (16 bytes), then blocks
 * of at most 64 KiB (spec 10, CRVideo_SetRecordFileEncrypt). A block is the length of its plain content
 * (4 bytes, little-endian) and what AES-256-GCM makes of it. Blocks are counted, the count is the nonce:
 * a key belongs to one file, and a file only grows. What a page that dies did not finish is ignored.
 */
export const MAGIC = new TextEncoder().encode('CRRF0001')
export const KEY_NAME_BYTES = 16
export const TAG_BYTES = 16
export const LENGTH_BYTES = 4
export const MOST_PLAIN = 64 * 1024
export const HEADER_BYTES = MAGIC.length + KEY_NAME_BYTES + TAG_BYTES

/** Nonce of a block. */
const nonceOf = (block: number): Uint8Array<ArrayBuffer> => {
  const nonce = new Uint8Array(12)
  new DataView(nonce.buffer).setUint32(8, block)
  return nonce
}

/** The proof has a nonce that no block has. */
const PROOF_NONCE = new Uint8Array(12).fill(0xff)

const bytesOf = (hex: string) =>
  Uint8Array.from({ length: KEY_NAME_BYTES }, (_, i) =>
    Number.parseInt(hex.slice(i * 2, i * 2 + 2), 16),
  )
const hexOf = (bytes: Uint8Array) =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

/** A file's key and its name, 32 hexadecimal digits. */
export interface FileKey {
  readonly name: string
  readonly key: CryptoKey
}

export const sealHeader = async ({ name, key }: FileKey): Promise<Uint8Array<ArrayBuffer>> => {
  const header = new Uint8Array(HEADER_BYTES)
  header.set(MAGIC)
  header.set(bytesOf(name), MAGIC.length)
  const additionalData = header.slice(0, HEADER_BYTES - TAG_BYTES)
  const proof = await crypto.subtle.encrypt(
    { name: 'AES-GCM', iv: PROOF_NONCE, additionalData },
    key,
    new Uint8Array(0),
  )
  header.set(new Uint8Array(proof), HEADER_BYTES - TAG_BYTES)
  return header
}

/** Name of the key; null: not a sealed file. */
export const keyNameOf = (header: Uint8Array): string | null =>
  header.length === HEADER_BYTES && MAGIC.every((byte, i) => header[i] === byte)
    ? hexOf(header.subarray(MAGIC.length, MAGIC.length + KEY_NAME_BYTES))
    : null

/** Whether that key sealed the file. */
export const provesKey = async (header: Uint8Array<ArrayBuffer>, key: CryptoKey) => {
  const [additionalData, proof] = [
    header.slice(0, HEADER_BYTES - TAG_BYTES),
    header.slice(HEADER_BYTES - TAG_BYTES),
  ]
  const algorithm = { name: 'AES-GCM', iv: PROOF_NONCE, additionalData }
  return await crypto.subtle.decrypt(algorithm, key, proof).then(
    () => true,
    () => false,
  )
}

export const sealBlock = async (
  key: CryptoKey,
  block: number,
  plain: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> => {
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv: nonceOf(block) }, key, plain)
  const bytes = new Uint8Array(LENGTH_BYTES + sealed.byteLength)
  new DataView(bytes.buffer).setUint32(0, plain.length, true)
  bytes.set(new Uint8Array(sealed), LENGTH_BYTES)
  return bytes
}

/** `sealed` without its length. Rejects when a byte was changed. */
export const openBlock = async (
  key: CryptoKey,
  block: number,
  sealed: ArrayBuffer,
): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv: nonceOf(block) }, key, sealed))

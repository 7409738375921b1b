import type { EvidenceCrypto } from './signed.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** The part of WebCrypto that evidence uses; the same in browsers and in Node. */
interface Subtle {
  digest(algorithm: string, bytes: Bytes): Promise<ArrayBuffer>
  importKey(
    format: string,
    key: Bytes,
    algorithm: string,
    extractable: boolean,
    usages: string[],
  ): Promise<object>
  verify(algorithm: string, key: object, signature: Bytes, message: Bytes): Promise<boolean>
}

/** What stands in where WebCrypto is missing, or knows no Ed25519. */
export interface CryptoFallback {
  digest(bytes: Bytes): Uint8Array
  verify(key: Bytes, message: Bytes, signature: Bytes): boolean
}

const subtleOf = (): Subtle | null =>
  (globalThis as { crypto?: { subtle?: Subtle } }).crypto?.subtle ?? null

const isMissing = (error: unknown) => (error as Error).name === 'NotSupportedError'

/** The platform's own cryptography, off the thread that asks. */
export const platformCrypto = (fallback?: () => Promise<CryptoFallback>): EvidenceCrypto => {
  const subtle = subtleOf()
  const other = async (): Promise<CryptoFallback> => {
    if (!fallback) throw new Error('This platform has no WebCrypto with Ed25519')
    return await fallback()
  }
  /** The key of the signature before: a manifest has thousands of one key. */
  let last: { bytes: Bytes; key: object } | null = null

  const importKey = async (from: Subtle, bytes: Bytes): Promise<object> => {
    if (last && last.bytes.length === bytes.length && last.bytes.every((b, i) => b === bytes[i]))
      return last.key
    const key = await from.importKey('raw', bytes, 'Ed25519', false, ['verify'])
    last = { bytes: bytes.slice(), key }
    return key
  }
  return {
    digest: async (bytes) =>
      subtle
        ? new Uint8Array(await subtle.digest('SHA-256', bytes))
        : (await other()).digest(bytes),
    async verify(key, message, signature) {
      if (!subtle) return (await other()).verify(key, message, signature)
      try {
        return await subtle.verify('Ed25519', await importKey(subtle, key), signature, message)
      } catch (error) {
        if (isMissing(error)) return (await other()).verify(key, message, signature)
        return false // not a point of the curve, or of the wrong length
      }
    },
  }
}

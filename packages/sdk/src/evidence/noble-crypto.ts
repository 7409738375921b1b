import { ed25519 } from '@noble/curves/ed25519.js'
import { sha256 } from '@noble/hashes/sha2.js'
import type { CryptoFallback } from '@yuntang/protocol'

/** For pages without WebCrypto (plain http) and browsers that know no Ed25519 (Chrome up to 136). */
export const nobleCrypto: CryptoFallback = {
  digest: (bytes) => sha256(bytes),
  verify(key, message, signature) {
    try {
      return ed25519.verify(signature, message, key, { zip215: false })
    } catch {
      return false // not a point of the curve, or of the wrong length
    }
  },
}

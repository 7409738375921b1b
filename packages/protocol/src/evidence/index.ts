export { fromBase64url, toBase64url } from './base64url.ts'
export { canonicalText } from './canonical.ts'
export { chainOn, chainStart } from './chain.ts'
export { createChunker } from './chunker.ts'
export type { ByteSpan, Difference } from './compare.ts'
export { compare } from './compare.ts'
export { EVIDENCE } from './constants.ts'
export { type Chunk, Manifest, Progress, RecordingID, Stamp } from './format.ts'
export { inOrder, type ManifestFault, readManifest } from './manifest.ts'
export { type CryptoFallback, platformCrypto } from './platform-crypto.ts'
export { type EvidenceCrypto, isSigned, manifestMessage, stampMessage } from './signed.ts'
export { readTimeline, type Stretch, type Timeline, type TimeSpan } from './timeline.ts'
export {
  type Doubt,
  type Finding,
  openManifest,
  readChunks,
  type Verdict,
  verifyFile,
} from './verify.ts'

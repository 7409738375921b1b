import { ed25519 } from '@noble/curves/ed25519'
import { sha256 } from '@noble/hashes/sha2'
import {
  type Chunk,
  chainOn,
  chainStart,
  createChunker,
  EVIDENCE,
  type EvidenceCrypto,
  inOrder,
  type Manifest,
  manifestMessage,
  type Stamp,
  stampMessage,
  toBase64url,
} from '../../src/index.ts'

export const crypto: EvidenceCrypto = {
  digest: async (bytes) => sha256(bytes),
  async verify(key, message, signature) {
    try {
      return ed25519.verify(signature, message, key, { zip215: false })
    } catch {
      return false
    }
  },
}

export const seedOf = (text: string) => sha256(text)
export const SERVER = seedOf('the key of the server')
export const keyOf = (secret: Uint8Array) => toBase64url(ed25519.getPublicKey(secret))
export const RECORDING = '00112233445566778899aabbccddeeff'
export const BEGAN = 1_800_000_000_000

/** Bytes that look random and are the same each time (mulberry32). */
export const noise = (length: number, seed: number): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(length)
  let state = seed >>> 0
  for (let i = 0; i < length; i++) {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    bytes[i] = t >>> 24
  }
  return bytes
}

export const chunksOf = (bytes: Uint8Array<ArrayBuffer>): Chunk[] => {
  const chunker = createChunker()
  const rest = [...chunker.push(bytes)]
  const last = chunker.end()
  if (last) rest.push(last)
  return rest.map((chunk) => [chunk.length, toBase64url(sha256(chunk))])
}

export const signStamp = (
  statement: Omit<Stamp, 'signature'>,
  secret: Uint8Array = SERVER,
): Stamp => ({
  ...statement,
  signature: toBase64url(ed25519.sign(stampMessage(statement), secret)),
})

/** A stamp every ten seconds after `every` chunks each, and one at the end. */
export const stampsOf = (
  chunks: readonly Chunk[],
  every: number,
  recording = RECORDING,
): Stamp[] => {
  const at = (count: number, final: boolean): Stamp =>
    signStamp({
      recording,
      bytes: chunks.slice(0, count).reduce((sum, [length]) => sum + length, 0),
      head: chainOn(chainStart(recording), chunks.slice(0, count)),
      final,
      time: BEGAN + Math.ceil(count / every) * 10_000,
      account: 'demo',
      userID: 'anna',
      meeting: 12_345_678,
    })
  const counts = Array.from({ length: Math.ceil(chunks.length / every) }, (_, i) => i * every)
  return [...counts.map((count) => at(count, false)), at(chunks.length, true)]
}

export const manifestOf = (
  chunks: readonly Chunk[],
  stamps: readonly Stamp[],
  secret: Uint8Array = SERVER,
  recording = RECORDING,
  uploaded = BEGAN + 3_600_000,
): Manifest => {
  const unsigned = {
    format: EVIDENCE.format,
    recording,
    file: {
      name: 'talk.mp4',
      mimeType: 'video/mp4',
      bytes: chunks.reduce((sum, [length]) => sum + length, 0),
      head: chainOn(chainStart(recording), chunks),
    },
    chunks: [...chunks],
    stamps: [...stamps].sort(inOrder),
    refused: 0,
    upload: { time: uploaded, account: 'demo', userID: 'anna', meeting: 12_345_678 },
    key: keyOf(secret),
  }
  return { ...unsigned, signature: toBase64url(ed25519.sign(manifestMessage(unsigned), secret)) }
}

export async function* pieces(bytes: Uint8Array<ArrayBuffer>, size = 65_536) {
  for (let i = 0; i < bytes.length; i += size) yield bytes.subarray(i, i + size)
}

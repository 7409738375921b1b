import { createHash } from 'node:crypto'
import { createChunker, platformCrypto, readChunks } from '@yuntang/protocol'

const MIB = 1024 * 1024
const SIZE = 64 * MIB
/** As files are read. */
const PIECE = 64 * 1024
const ROUNDS = 5

const median = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN

/** Bytes of no pattern (xorshift), the same in every run. */
const noise = (): Uint8Array<ArrayBuffer> => {
  const words = new Uint32Array(SIZE / 4)
  let state = 1
  for (let i = 0; i < words.length; i++) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    words[i] = state
  }
  return new Uint8Array(words.buffer)
}

async function* pieces(bytes: Uint8Array<ArrayBuffer>) {
  for (let at = 0; at < bytes.length; at += PIECE) yield bytes.subarray(at, at + PIECE)
}

/** What the evidence of a file costs beside one plain SHA-256 over it, in the same run. */
export const evidenceBench = async (print: (line: string) => void): Promise<void> => {
  const bytes = noise()
  const crypto = platformCrypto()
  const times = async (run: () => Promise<void>) => {
    const taken: number[] = []
    for (let i = 0; i < ROUNDS; i++) {
      const from = performance.now()
      await run()
      taken.push(performance.now() - from)
    }
    return median(taken)
  }
  const plain = await times(async () => {
    const hash = createHash('sha256')
    for await (const piece of pieces(bytes)) hash.update(piece)
    hash.digest()
  })
  const cutting = await times(async () => {
    const chunker = createChunker()
    for await (const piece of pieces(bytes)) chunker.push(piece)
  })
  const before = process.memoryUsage().rss
  const whole = await times(async () => {
    await readChunks(crypto, pieces(bytes))
  })
  const grown = Math.max(0, process.memoryUsage().rss - before) / MIB
  const rate = (ms: number) => Math.round(SIZE / MIB / (ms / 1000))
  print(
    `evidence: cutting takes ${(cutting / plain).toFixed(1)} × one SHA-256 of the same bytes, cutting and hashing ${(whole / plain).toFixed(1)} × (${rate(whole)} MiB/s here, SHA-256 ${rate(plain)}); ${Math.round(grown)} MiB more memory`,
  )
}

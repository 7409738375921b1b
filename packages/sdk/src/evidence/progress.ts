import {
  type Chunk,
  chainOn,
  chainStart,
  createChunker,
  type EvidenceCrypto,
  type Progress,
  toBase64url,
} from '@yuntang/protocol'

/** The chain of one recording as it grows. */
export interface GrowingChain {
  add(bytes: Uint8Array<ArrayBuffer>): void
  /** Nothing more comes. */
  end(): void
  /** How far the chain is when everything added so far is in it. Rejects when a hash cannot be had. */
  progress(): Promise<Progress>
}

/** Hashes what a recording writes, a chunk at a time and off the page's thread. */
export const createGrowingChain = (
  recording: string,
  digest: EvidenceCrypto['digest'],
): GrowingChain => {
  const chunker = createChunker()
  let now: Progress = { recording, bytes: 0, head: chainStart(recording), final: false }
  /** Chunks go in in order, whatever their hashes take. */
  let last: Promise<void> = Promise.resolve()

  const enter = (bytes: Uint8Array<ArrayBuffer>) => {
    const hashing = digest(bytes)
    // A failure is told by the next progress.
    hashing.catch(() => {})
    const link = async () => {
      const chunk: Chunk = [bytes.length, toBase64url(await hashing)]
      const head = chainOn(now.head, [chunk])
      now = { ...now, head, bytes: now.bytes + bytes.length }
    }
    last = last.then(link)
    last.catch(() => {})
  }
  return {
    add(bytes) {
      for (const chunk of chunker.push(bytes)) enter(chunk)
    },
    end() {
      const rest = chunker.end()
      if (rest) enter(rest)
      last = last.then(() => {
        now = { ...now, final: true }
      })
      last.catch(() => {})
    },
    async progress() {
      await last
      return now
    },
  }
}

import { toBase64url } from './base64url.ts'
import { chainStart } from './chain.ts'
import { createChunker } from './chunker.ts'
import { compare, type Difference } from './compare.ts'
import { EVIDENCE } from './constants.ts'
import type { Chunk, Manifest } from './format.ts'
import { type ManifestFault, readManifest } from './manifest.ts'
import { type EvidenceCrypto, isSigned, manifestMessage, stampMessage } from './signed.ts'
import { readTimeline, type Stretch, type Timeline, type TimeSpan } from './timeline.ts'

/** Why nothing can be said. */
export type Doubt =
  | ManifestFault
  /** The manifest was changed after it was signed. */
  | 'signature'
  /** It is signed with another key than the one that is trusted. */
  | 'key'
  /** It has a stamp that its key did not sign. */
  | 'stamp'
  /** The file is too long for this format. */
  | 'file'

/** A place where the file differs, and when that part was recorded. */
export interface Finding extends Difference {
  readonly time: TimeSpan
}

export type Verdict =
  | { readonly verdict: 'unknown'; readonly doubt: Doubt; readonly key: string | null }
  | {
      /**
       * `changed`: it is not what was recorded, now or already when it was uploaded. `unchanged`: it is what
       * was uploaded, and as far as the timeline's stamps go what was recorded.
       */
      readonly verdict: 'unchanged' | 'changed'
      readonly manifest: Manifest
      readonly timeline: Timeline
      /** Where the file differs from the one that was uploaded. */
      readonly findings: readonly Finding[]
      /** Where the one that was uploaded is not what the stamps say. */
      readonly contradicted: readonly Stretch[]
    }

/** A manifest whose signatures are right. */
export type Opened =
  | { readonly ok: true; readonly manifest: Manifest; readonly timeline: Timeline }
  | { readonly ok: false; readonly doubt: Doubt; readonly key: string | null }

/** @param trusted base64url; null: the key that the manifest names itself. */
export const openManifest = async (
  crypto: EvidenceCrypto,
  text: string,
  trusted: string | null,
): Promise<Opened> => {
  const read = readManifest(text)
  if (!read.ok) return { ok: false, doubt: read.fault, key: null }
  const { manifest } = read
  const { key, chunks, stamps, recording } = manifest
  const doubt = (about: Doubt): Opened => ({ ok: false, doubt: about, key })
  if (trusted !== null && trusted !== key) return doubt('key')
  if (!(await isSigned(crypto, key, manifestMessage(manifest), manifest.signature)))
    return doubt('signature')
  for (const stamp of stamps)
    if (!(await isSigned(crypto, key, stampMessage(stamp), stamp.signature))) return doubt('stamp')
  const timeline = readTimeline(chainStart(recording), chunks, stamps, manifest.upload.time)
  return { ok: true, manifest, timeline }
}

/**
 * The chunks of a file, which is read to its end; memory is a chunk and the list. Null when there
 * are too many.
 * @param progress is told how many bytes were read.
 */
export const readChunks = async (
  crypto: EvidenceCrypto,
  pieces: AsyncIterable<Uint8Array<ArrayBuffer>>,
  progress: (bytes: number) => void = () => {},
): Promise<Chunk[] | null> => {
  const chunker = createChunker()
  const chunks: Chunk[] = []
  let isTooLong = false
  const add = async (bytes: Uint8Array<ArrayBuffer>) => {
    isTooLong ||= chunks.length >= EVIDENCE.chunks
    if (!isTooLong) chunks.push([bytes.length, toBase64url(await crypto.digest(bytes))])
  }
  let read = 0
  for await (const piece of pieces) {
    for (const chunk of chunker.push(piece)) await add(chunk)
    read += piece.length
    progress(read)
  }
  const rest = chunker.end()
  if (rest) await add(rest)
  return isTooLong ? null : chunks
}

/** Whether a file is what was recorded, and where it is not. */
export const verifyFile = async (
  crypto: EvidenceCrypto,
  pieces: AsyncIterable<Uint8Array<ArrayBuffer>>,
  manifestText: string,
  { trusted = null, progress }: { trusted?: string | null; progress?(bytes: number): void } = {},
): Promise<Verdict> => {
  const opened = await openManifest(crypto, manifestText, trusted)
  if (!opened.ok) return { verdict: 'unknown', doubt: opened.doubt, key: opened.key }
  const { manifest, timeline } = opened
  const found = await readChunks(crypto, pieces, progress)
  if (!found) return { verdict: 'unknown', doubt: 'file', key: manifest.key }
  const findings = compare(manifest.chunks, found).map((difference) => ({
    ...difference,
    time: timeline.timeOf(difference.recorded),
  }))
  const contradicted = timeline.stretches.filter(({ fits }) => !fits)
  const isSame = findings.length === 0 && contradicted.length === 0
  return {
    verdict: isSame ? 'unchanged' : 'changed',
    manifest,
    timeline,
    findings,
    contradicted,
  }
}

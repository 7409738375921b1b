import { EVIDENCE, platformCrypto, type Verdict, verifyFile } from '@yuntang/protocol'
import { YuntangError } from '../errors.ts'
import { nobleCrypto } from './noble-crypto.ts'

export type {
  ByteSpan,
  Difference,
  Doubt,
  Finding,
  Manifest,
  Stamp,
  Stretch,
  Timeline,
  TimeSpan,
  Verdict,
} from '@yuntang/protocol'

export interface VerifyOptions {
  /** Public key of the server that is trusted, base64url; default: whatever key the manifest names. */
  readonly key?: string
  /** Bytes that were read so far. */
  progress?(bytes: number): void
  readonly signal?: AbortSignal
}

/** Larger ones cannot be read as one text. */
const MOST_MANIFEST_BYTES = EVIDENCE.manifestChars

async function* read(file: Blob, signal?: AbortSignal): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const reader = file.stream().getReader()
  try {
    for (;;) {
      signal?.throwIfAborted()
      const { done, value } = await reader.read()
      if (done) return
      yield value
    }
  } finally {
    reader.cancel().catch(() => {})
  }
}

/**
 * Whether a file is what was recorded, and where it was changed if not (docs/evidence.md). Nothing
 * leaves the page; the file is read as a stream. Rejects with files.unreadable, or with the reason of
 * `signal`.
 */
export const verifyRecording = async (
  file: Blob,
  manifest: Blob,
  { key, progress, signal }: VerifyOptions = {},
): Promise<Verdict> => {
  const crypto = platformCrypto(async () => nobleCrypto)
  try {
    const text = manifest.size > MOST_MANIFEST_BYTES ? '' : await manifest.text()
    return await verifyFile(crypto, read(file, signal), text, { trusted: key ?? null, progress })
  } catch (error) {
    if (signal?.aborted) throw signal.reason
    throw error instanceof DOMException ? new YuntangError('files.unreadable') : error
  }
}

/** The public key of a server, base64url. @param server base address without a slash at the end. */
export const evidenceKey = async (server: string, signal?: AbortSignal): Promise<string> => {
  const answer = await fetch(`${server}/api/v1/evidence/key`, { signal }).catch(() => {
    throw new YuntangError('connection.failed')
  })
  const read = (await answer.json().catch(() => null)) as { key?: unknown } | null
  if (!answer.ok || typeof read?.key !== 'string') throw new YuntangError('connection.failed')
  return read.key
}

import type { Files } from '../api.ts'
import { YuntangError } from '../errors.ts'
import type { FileKeys } from '../files/sealed/file-keys.ts'
import { openPlain, sealedBy } from '../files/sealed/plain-content.ts'
import { createFeed } from './feed.ts'
import { readPieces } from './pieces.ts'

/** What a media element is given; `release` once it is done. */
export interface MediaSource {
  readonly url: string
  /** Fetched by the element itself. */
  readonly remote: boolean
  /** Gives the element what it plays, for a source that is not read by its address. */
  follow?(element: HTMLMediaElement): void
  release(): void
}

export interface SourceDeps {
  readonly files: Files
  readonly keys: FileKeys
}

const ofBlob = (blob: Blob): MediaSource => {
  const url = URL.createObjectURL(blob)
  return { url, remote: false, release: () => URL.revokeObjectURL(url) }
}

const WEBM = /^video\/webm|^audio\/webm/

/**
 * Sealed files are decrypted as they play. So are recordings in WebM given out in pieces: they do not
 * say how long they are, and elements would not seek in them.
 */
const openContent = async (blob: Blob, keys: FileKeys): Promise<MediaSource> => {
  const sealed = (await sealedBy(blob)) !== null
  const content = await openPlain(blob, keys)
  const pieces = await readPieces(content)
  if (pieces && (sealed || WEBM.test(pieces.mimeType))) return createFeed(content, pieces)
  if (sealed) throw new YuntangError('playing.unsupported')
  return ofBlob(blob)
}

const isBareName = (path: string) => !/[\\/]/.test(path)

/** The file behind a path: stored, chosen in the page, or fetched (spec 10 §1.1). */
export async function findSource(
  { files, keys }: SourceDeps,
  file: string | Blob,
): Promise<MediaSource> {
  if (file instanceof Blob) return await openContent(file, keys)
  if (/^https?:/i.test(file) && !files.exists(file))
    return { url: file, remote: true, release() {} }
  const found =
    (await files.read(file)) ?? (isBareName(file) ? await files.get(`media/${file}`) : null)
  if (!found) throw new YuntangError('files.unreadable')
  return await openContent(found, keys)
}

/** Last component of a path, as other members get it. */
export const mediaName = (file: string | Blob): string => {
  const path = file instanceof File ? file.name : typeof file === 'string' ? file : ''
  return (
    path
      .replace(/[?#].*$/, '')
      .split(/[\\/]/)
      .at(-1) || 'media'
  )
}

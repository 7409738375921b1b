import { YuntangError } from '../errors.ts'
import type { FileStore } from '../files/files.ts'
import { lastComponent, normalize, resolvePath, safeName } from '../files/paths.ts'
import type { FileKeys } from '../files/sealed/file-keys.ts'
import { openPlain, sealedBy } from '../files/sealed/plain-content.ts'
import { createFeed } from './feed.ts'
import { isThere } from './is-there.ts'
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
  readonly files: Pick<FileStore, 'work' | 'read' | 'find'>
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
const isUrl = (path: string) => /^https?:/i.test(path)

/**
 * A URL is asked for as it was written; one of the work directory's own folders in another spelling
 * only where that leads nowhere: `Media/` and `media/` are one (spec 10 §1.1).
 */
const spelled = async (url: string, work: string): Promise<string> => {
  const own = resolvePath(url, work)
  return own === normalize(url) || (await isThere(url)) ? url : own
}

/** The file behind a path: stored, chosen in the page, or fetched (spec 10 §1.1). */
export async function findSource(
  { files, keys }: SourceDeps,
  file: string | Blob,
): Promise<MediaSource> {
  if (file instanceof Blob) return await openContent(file, keys)
  const inMedia = isBareName(file) ? `media/${file}` : null
  const found = (await files.find(file)) ?? (inMedia && (await files.find(inMedia)))
  if (found) return await openContent(found, keys)
  if (/^(?:blob|data):/i.test(file)) {
    const fetched = await files.read(file)
    if (fetched) return await openContent(fetched, keys)
  }
  const first = isUrl(file) ? await spelled(file, files.work) : resolvePath(file, files.work)
  if (!isUrl(first)) throw new YuntangError('files.unreadable')
  const url = inMedia && !(await isThere(first)) ? resolvePath(inMedia, files.work) : first
  return { url, remote: true, release() {} }
}

/** Last component of a path, as other members get it. */
export const mediaName = (file: string | Blob): string => {
  const path = file instanceof File ? file.name : typeof file === 'string' ? file : ''
  if (/^(?:blob|data):/i.test(path)) return 'media'
  const last = lastComponent(isUrl(path) ? path.replace(/[?#].*$/, '') : path)
  return last === '' ? 'media' : safeName(last)
}

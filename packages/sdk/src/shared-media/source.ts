import type { Files } from '../api.ts'
import { YuntangError } from '../errors.ts'
import { normalize, resolvePath } from '../files/paths.ts'
import { isThere } from './is-there.ts'

/** What a media element is given; `release` once it is done. */
export interface MediaSource {
  readonly url: string
  /** Fetched by the element itself. */
  readonly remote: boolean
  release(): void
}

const ofBlob = (blob: Blob): MediaSource => {
  const url = URL.createObjectURL(blob)
  return { url, remote: false, release: () => URL.revokeObjectURL(url) }
}

const isBareName = (path: string) => !/[\\/]/.test(path)

/**
 * A URL is asked for as it was written; one of the work directory's own folders in another spelling
 * only where that leads nowhere: `Media/` and `media/` are one (spec 10 §1.1).
 */
const spelled = async (url: string, work: string): Promise<string> => {
  const own = resolvePath(url, work)
  return own === normalize(url) || (await isThere(url)) ? url : own
}

/** The file behind a path: stored, chosen in the page, or fetched (spec 10 §1.1). */
export async function findSource(files: Files, file: string | Blob): Promise<MediaSource> {
  if (file instanceof Blob) return ofBlob(file)
  if (/^https?:/i.test(file) && !files.exists(file))
    return { url: await spelled(file, files.work), remote: true, release() {} }
  const found =
    (await files.read(file)) ?? (isBareName(file) ? await files.get(`media/${file}`) : null)
  if (!found) throw new YuntangError('files.unreadable')
  return ofBlob(found)
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

import type { MediaStopReason } from '@yuntang/protocol'
import { YuntangError } from '../errors.ts'
import type { MediaSource } from './source.ts'

const REASONS: Readonly<Record<string, MediaStopReason>> = {
  // Stopped while it was being opened.
  'playing.none': 0,
  'files.unreadable': 2,
  'recording.key': 2,
  'playing.damaged': 3,
  'playing.unsupported': 4,
}

/** The stop reason of spec 10 §4.1 that a failure of `play` stands for. */
export const stopReason = (error: unknown): MediaStopReason =>
  (error instanceof YuntangError ? REASONS[error.code] : undefined) ?? 5

/** Elements do not tell a missing file from one in an unknown format. */
const isThere = async (url: string): Promise<boolean> => {
  const abort = new AbortController()
  try {
    return (await fetch(url, { signal: abort.signal })).ok
  } catch {
    return false
  } finally {
    abort.abort()
  }
}

/** Why the element gave up. */
export async function failureOf(
  element: HTMLMediaElement,
  source: MediaSource,
): Promise<YuntangError> {
  switch (element.error?.code) {
    case MediaError.MEDIA_ERR_NETWORK:
      return new YuntangError('files.unreadable')
    case MediaError.MEDIA_ERR_DECODE:
      return new YuntangError('playing.damaged')
    case MediaError.MEDIA_ERR_SRC_NOT_SUPPORTED:
      return source.remote && !(await isThere(source.url))
        ? new YuntangError('files.unreadable')
        : new YuntangError('playing.unsupported')
    default:
      return new YuntangError('playing.failed')
  }
}

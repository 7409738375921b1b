import type { Meeting } from '../api.ts'
import { YuntangError } from '../errors.ts'
import type { FileStore } from '../files/files.ts'
import { lastComponent, resolvePath } from '../files/paths.ts'
import type { FileKeys } from '../files/sealed/file-keys.ts'
import type { MediaControls } from '../shared-media/api.ts'
import type { RecordedFile, UploadState } from './api.ts'
import type { KeptRecord, RecordList } from './record-list.ts'

export interface RecordedFilesDeps {
  readonly files: FileStore
  readonly list: RecordList
  readonly keys: FileKeys
  readonly localMedia: MediaControls
  meeting(): Meeting | null
  /** Percent of the upload of a file under way; null without one. */
  uploading(path: string): number | null
  /** Milliseconds since 1970. */
  wallClock(): number
  /** Holds a name until `run` is over; waits for a page that holds it, also one that is just going. */
  hold(name: string, run: () => Promise<void>): Promise<void>
}

/** A record that is still being written has no file key yet. */
const growingKey = (id: string) => `growing:${id}`

/** The finished recordings and what was added to them (spec 10 §3). */
export const createRecordedFiles = (deps: RecordedFilesDeps) => {
  const { files, list, localMedia } = deps
  const keyOf = (path: string) => resolvePath(path, files.work)

  const uploadOf = ({ path, upload: kept }: KeptRecord) => {
    const now = deps.uploading(path)
    const before: UploadState = kept?.uploaded ? 'uploaded' : 'none'
    return {
      upload: now === null ? before : ('uploading' as const),
      uploadPercent: now ?? kept?.percent ?? 0,
      url: kept?.url ?? '',
    }
  }
  const dropKey = (name: string) => {
    if (name === '') return
    deps.keys.remove(name).catch((error: unknown) => console.warn('a key stays', error))
  }
  const drop = (key: string, { sealedBy }: KeptRecord) => {
    list.remove(key)
    dropKey(sealedBy)
  }
  const all = (): RecordedFile[] => {
    const sizes = new Map(files.list().map(({ path, size }) => [path, size]))
    return list.all().flatMap(({ key, record }) => {
      if (record.growing !== '') return []
      const size = sizes.get(key)
      if (size === undefined) {
        drop(key, record)
        return []
      }
      const { path, duration, createdAt, mimeType, sealedBy } = record
      return [
        {
          path,
          size,
          duration,
          createdAt,
          mimeType,
          encrypted: sealedBy !== '',
          ...uploadOf(record),
        },
      ]
    })
  }
  const find = (name: string): RecordedFile | null => {
    const now = all()
    return (
      now.find(({ path }) => keyOf(path) === keyOf(name)) ??
      now.findLast(({ path }) => lastComponent(path) === name) ??
      null
    )
  }
  /** What a media container shows. */
  const shown = (): MediaControls | null => {
    if (localMedia.current) return localMedia
    const shared = deps.meeting()?.media
    return shared?.current ? shared : null
  }
  /** What of this page plays a file, or opens it. */
  const playerOf = (path: string): MediaControls | null =>
    [localMedia, deps.meeting()?.media].find(
      (media) => media?.own != null && keyOf(media.own) === keyOf(path),
    ) ?? null

  return {
    keyOf,
    all,
    find,
    playerOf,
    shown,
    /** Keeps what is known of a file that is being written. */
    note(id: string, record: Omit<KeptRecord, 'growing'>): void {
      try {
        list.set(growingKey(id), { ...record, growing: id })
      } catch {
        // The index is full: the recording goes on, only a lost page would lose it.
      }
    },
    /** It is complete. */
    finished(id: string, record: Omit<KeptRecord, 'growing'>): void {
      dropKey(list.get(keyOf(record.path))?.sealedBy ?? '')
      list.set(keyOf(record.path), { ...record, growing: '' })
      list.remove(growingKey(id))
    },
    /** Nothing of it stays. */
    forget(id: string, sealedBy: string): void {
      list.remove(growingKey(id))
      dropKey(sealedBy)
    },
    add(path: string): boolean {
      const key = keyOf(path)
      const chosen = files.exists(path) ? null : files.chosen(path)
      if (!chosen && !files.exists(path)) throw new YuntangError('files.unreadable')
      if (list.get(key) && !chosen) return false
      // The entry is there at once; one that finds no room goes, and so does what is listed.
      if (chosen)
        files.put(path, chosen).catch((error: unknown) => console.warn('it is not kept', error))
      const mimeType = /\.webm$/i.test(path) ? 'video/webm' : 'video/mp4'
      const createdAt = deps.wallClock()
      list.set(key, { path, createdAt, duration: 0, mimeType, sealedBy: '', growing: '' })
      return true
    },
    async remove({ path }: RecordedFile): Promise<void> {
      playerOf(path)?.stop()
      const key = keyOf(path)
      const record = list.get(key)
      await files.remove(path)
      if (record) drop(key, record)
    },
    /** The server does not have a record any more; answers the paths whose it was. */
    unstored(id: string): string[] {
      return list.all().flatMap(({ key, record: { upload, ...rest } }) => {
        if (upload?.id !== id) return []
        list.set(key, rest)
        return [rest.path]
      })
    },
    async play(name: string): Promise<void> {
      const found = find(name)
      if (!found) throw new YuntangError('files.unreadable')
      await localMedia.play(found.path)
    },
    /** Lists what closed pages left behind, and what others that record now will have left; resolves then. */
    async repair(): Promise<void> {
      const adopt = async (key: string) => {
        const record = list.get(key)
        // Whoever held it has finished it.
        if (!record) return
        const size = await files.adopt(record.path, record.growing)
        list.remove(key)
        if (size === null) dropKey(record.sealedBy)
        else list.set(keyOf(record.path), { ...record, growing: '' })
      }
      const lost = list.all().filter(({ record }) => record.growing !== '')
      await Promise.all(lost.map(({ key, record }) => deps.hold(record.growing, () => adopt(key))))
    },
  }
}

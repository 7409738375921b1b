import type { RecordedFile } from './api.ts'

/** What is kept of a recording's upload. */
export interface KeptUpload {
  /** How far it came. */
  readonly percent: number
  /** The server has confirmed it. */
  readonly uploaded: boolean
  /** Of the {@link StoredRecord}; `""` when it went elsewhere, or is not there yet. */
  readonly id: string
  readonly url: string
}

/** What is kept of a recording over reloads; its size is the file's. */
export interface KeptRecord
  extends Pick<RecordedFile, 'path' | 'duration' | 'createdAt' | 'mimeType'> {
  /** Name of the key that sealed it, else `""`. */
  readonly sealedBy: string
  /** Name of the content while it is still being written, else `""`. */
  readonly growing: string
  readonly upload?: KeptUpload
}

type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>

/** Records by the key of their file; those still being written have one of their own. */
export interface RecordList {
  /** Throws when the browser keeps no more. */
  set(key: string, record: KeptRecord): void
  get(key: string): KeptRecord | null
  remove(key: string): void
  /** In order of creation. */
  all(): { key: string; record: KeptRecord }[]
}

const PREFIX = 'yuntang.record:'

const isUpload = (read: unknown): read is KeptUpload => {
  const upload = read as Partial<KeptUpload> | null | undefined
  return (
    typeof upload?.percent === 'number' &&
    typeof upload.uploaded === 'boolean' &&
    typeof upload.id === 'string' &&
    typeof upload.url === 'string'
  )
}

const isRecord = (read: unknown): read is KeptRecord => {
  const record = read as Partial<KeptRecord> | null
  return (
    typeof record?.path === 'string' &&
    typeof record.duration === 'number' &&
    typeof record.createdAt === 'number' &&
    typeof record.mimeType === 'string' &&
    typeof record.growing === 'string'
  )
}

/** One key for each record, so that tabs never overwrite each other's. */
export const createRecordList = (store: Store): RecordList => {
  const get = (key: string): KeptRecord | null => {
    try {
      const read: unknown = JSON.parse(store.getItem(PREFIX + key) ?? 'null')
      if (!isRecord(read)) return null
      const { upload, ...rest } = read
      // Older entries know of no keys and no upload.
      const sealedBy = read.sealedBy ?? ''
      return { ...rest, sealedBy, ...(isUpload(upload) && { upload }) }
    } catch {
      return null // written by somebody else
    }
  }
  return {
    get,
    set: (key, record) => store.setItem(PREFIX + key, JSON.stringify(record)),
    remove: (key) => store.removeItem(PREFIX + key),
    all() {
      const keys = Array.from({ length: store.length }, (_, i) => store.key(i) ?? '')
      return keys
        .filter((key) => key.startsWith(PREFIX))
        .flatMap((full) => {
          const key = full.slice(PREFIX.length)
          const record = get(key)
          return record ? [{ key, record }] : []
        })
        .sort((a, b) => a.record.createdAt - b.record.createdAt)
    },
  }
}

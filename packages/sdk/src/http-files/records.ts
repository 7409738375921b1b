import type { HttpFileOrder } from './api.ts'

/** What is kept of one transfer over reloads. */
export interface Kept extends HttpFileOrder {
  /** Position among the others. */
  readonly created: number
  readonly size: number
  /** Bytes in the pieces of the partial file, or of the whole file when finished. */
  readonly done: number
  /** Pieces of the partial file. */
  readonly pieces: number
  readonly finished: boolean
  /** ETag or date of what the partial file is of; empty when the server does not show them. */
  readonly validator: string
}

type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>

export interface Records {
  get(key: string): Kept | null
  /** Throws when the browser keeps no more. */
  set(key: string, kept: Kept): void
  remove(key: string): void
  /** In order of creation. */
  all(): { key: string; kept: Kept }[]
}

const PREFIX = 'yuntang.http:'

const isKept = (read: unknown): read is Kept => {
  const kept = read as Partial<Kept> | null
  return (
    typeof kept?.path === 'string' &&
    typeof kept.url === 'string' &&
    typeof kept.created === 'number' &&
    typeof kept.done === 'number' &&
    typeof kept.pieces === 'number'
  )
}

/** One key for each record, so that tabs never overwrite each other's. */
export const createRecords = (store: Store): Records => {
  const get = (key: string): Kept | null => {
    try {
      const read: unknown = JSON.parse(store.getItem(PREFIX + key) ?? 'null')
      return isKept(read) ? read : null
    } catch {
      return null // written by somebody else
    }
  }
  return {
    get,
    set: (key, kept) => store.setItem(PREFIX + key, JSON.stringify(kept)),
    remove: (key) => store.removeItem(PREFIX + key),
    all() {
      const keys = Array.from({ length: store.length }, (_, i) => store.key(i) ?? '')
      return keys
        .filter((key) => key.startsWith(PREFIX))
        .flatMap((full) => {
          const key = full.slice(PREFIX.length)
          const kept = get(key)
          return kept ? [{ key, kept }] : []
        })
        .sort((a, b) => a.kept.created - b.kept.created)
    },
  }
}

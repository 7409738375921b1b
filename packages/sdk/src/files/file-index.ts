/** What is known of a file without reading it. */
export interface FileEntry {
  /** Name of its content. */
  readonly id: string
  readonly size: number
  /** Milliseconds since 1970. */
  readonly mtime: number
}

/** Paths and their entries, readable synchronously (spec 00 §9). */
export interface FileIndex {
  get(path: string): FileEntry | null
  /** Throws a `QuotaExceededError` when the browser keeps no more. */
  set(path: string, entry: FileEntry): void
  remove(path: string): void
  /** In order of their paths. */
  all(): (FileEntry & { path: string })[]
}

type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>

const PREFIX = 'yuntang.file:'

/** One key per file, so that two tabs never overwrite each other's entries (spec 00 §10). */
export const createFileIndex = (store: Store): FileIndex => {
  const get = (path: string): FileEntry | null => {
    try {
      const read: unknown = JSON.parse(store.getItem(PREFIX + path) ?? 'null')
      const { id, size, mtime } = (read ?? {}) as Partial<FileEntry>
      return typeof id === 'string' && typeof size === 'number' && typeof mtime === 'number'
        ? { id, size, mtime }
        : null
    } catch {
      return null // written by somebody else
    }
  }
  return {
    get,
    set: (path, entry) => store.setItem(PREFIX + path, JSON.stringify(entry)),
    remove: (path) => store.removeItem(PREFIX + path),
    all() {
      const keys = Array.from({ length: store.length }, (_, i) => store.key(i) ?? '')
      return keys
        .filter((key) => key.startsWith(PREFIX))
        .sort()
        .flatMap((key) => {
          const path = key.slice(PREFIX.length)
          const entry = get(path)
          return entry ? [{ path, ...entry }] : []
        })
    },
  }
}

/** An index that ends with the page, where `localStorage` is refused. */
export const createMemoryStore = (): Store => {
  const kept = new Map<string, string>()
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
    key: (i) => [...kept.keys()][i] ?? null,
    get length() {
      return kept.size
    },
  }
}

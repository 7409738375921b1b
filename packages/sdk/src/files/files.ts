import type { Files, PickOptions } from '../api.ts'
import { YuntangError } from '../errors.ts'
import type { ChosenFiles } from './chosen-files.ts'
import type { Contents } from './contents.ts'
import type { FileEntry, FileIndex } from './file-index.ts'
import { DEFAULT_WORK, MAX_PATH, resolvePath } from './paths.ts'

/** Temporary files and contents without an entry stay for a day (spec 00 §9). */
const TEMP_MS = 24 * 60 * 60_000
/** An entry whose content is not there yet may be another tab's, on its way. */
const FRESH_MS = 60 * 60_000
const FETCHED = /^(?:blob|data|https?):/

/** A file under way into the store; readers see it only after `commit`. */
export interface IncomingFile {
  write(bytes: Uint8Array<ArrayBuffer>): Promise<void>
  /** All is written. */
  close(): Promise<void>
  /** The path leads to it from now on. */
  commit(): void
  /** Nothing of it stays. */
  discard(): Promise<void>
}

/** A file of unknown length; what is written outlives the page where the browser can do that. */
export interface GrowingFile {
  /** Name of its content, for {@link FileStore.adopt} in a later page. */
  readonly id: string
  write(bytes: Uint8Array<ArrayBuffer>): Promise<void>
  /** All is written; {@link FileStore.adopt} gives it its path. */
  close(): Promise<void>
  /** Nothing of it stays. */
  discard(): Promise<void>
}

/** The store with the part that other parts of the SDK use. */
export interface FileStore extends Files {
  /** Rejects with `files.full` when the browser has no room for `least` bytes. */
  grow(path: string, least: number): Promise<GrowingFile>
  /** What is stored or was chosen in the page; nothing is fetched. */
  find(path: string): Promise<Blob | null>
  /** Name of the content of a path; another content has another. Null when there is none. */
  idOf(path: string): string | null
  /** Gives a growing file, also of a page that ended, its path; null when nothing of it is there. */
  adopt(path: string, id: string): Promise<number | null>
  /** A file that the user chose, by its name or the path that it was registered under. */
  chosen(path: string): Blob | null
  /** Rejects with `files.full` when the browser has no room for `size` bytes. */
  receive(path: string, size: number): Promise<IncomingFile>
  /** Bytes that the browser would still take. */
  room(): Promise<number>
  /** Drops temporary files of more than a day, and entries whose content is gone; then it is `ready`. */
  tidy(): Promise<void>
}

export interface FilePorts {
  readonly index: FileIndex
  /** Asked at the first use. */
  openContents(): Promise<Contents>
  readonly chosen: ChosenFiles
  fetchBlob(url: string): Promise<Blob>
  /** Bytes that the browser would still take. */
  room(): Promise<number>
  estimate(): ReturnType<Files['estimate']>
  persist(): Promise<boolean>
  pick(options: PickOptions): Promise<File[]>
  download(blob: Blob, name: string): void
  now(): number
  newID(): string
}

const asFull = () => new YuntangError('files.full')

/** The virtual file store of spec 00 §9. */
export const createFiles = (ports: FilePorts): FileStore => {
  const { index } = ports
  let work = DEFAULT_WORK
  let opening: Promise<Contents> | null = null
  const contents = () => {
    opening ??= ports.openContents()
    return opening
  }
  /** Contents entered into the index that are still being written. */
  const writing = new Map<string, { blob: Blob; done: Promise<void> }>()

  const keyOf = (path: string) => {
    if (path === '' || path.length > MAX_PATH) throw new YuntangError('param.invalid')
    return resolvePath(path, work)
  }
  const entryOf = (path: string) => (path === '' ? null : index.get(resolvePath(path, work)))

  const enter = (key: string, entry: FileEntry) => {
    try {
      index.set(key, entry)
    } catch {
      throw asFull()
    }
  }
  const forget = async (entry: FileEntry | null) => {
    if (!entry) return
    await writing.get(entry.id)?.done.catch(() => {})
    await (await contents()).remove(entry.id).catch(() => {})
  }

  const store = async (id: string, blob: Blob) => {
    const writer = await (await contents()).create(id)
    try {
      await writer.write(blob)
      await writer.close()
    } catch {
      await writer.discard().catch(() => {})
      throw asFull()
    }
  }

  const put: Files['put'] = async (path, data) => {
    const key = keyOf(path)
    const blob = data instanceof Blob ? data : new Blob([data])
    const before = index.get(key)
    const entry: FileEntry = { id: ports.newID(), size: blob.size, mtime: ports.now() }
    enter(key, entry)
    const done = store(entry.id, blob)
    writing.set(entry.id, { blob, done })
    try {
      await done
    } catch (error) {
      if (index.get(key)?.id === entry.id) {
        if (before) enter(key, before)
        else index.remove(key)
      }
      throw error
    } finally {
      writing.delete(entry.id)
    }
    await forget(before)
  }

  const get: Files['get'] = async (path) => {
    const entry = entryOf(path)
    if (!entry) return null
    const blob = writing.get(entry.id)?.blob ?? (await (await contents()).open(entry.id))
    return blob
  }

  const find = async (path: string) => (await get(path)) ?? ports.chosen.find(path)

  const url: Files['url'] = async (path) => {
    const blob = await get(path)
    return blob && URL.createObjectURL(blob)
  }

  /** Entries that lead to nothing: the browser cleared contents alone, or a page died while it wrote. */
  const dropLost = async (all: Contents) => {
    const before = ports.now() - FRESH_MS
    for (const { path, id, size, mtime } of index.all()) {
      if (mtime > before || writing.has(id)) continue
      if ((await all.open(id))?.size !== size && index.get(path)?.id === id) index.remove(path)
    }
  }
  let isReady: () => void = () => {}
  const ready = new Promise<void>((resolve) => {
    isReady = resolve
  })
  const tidyNow = async () => {
    const before = ports.now() - TEMP_MS
    const temp = `${work}/Temp/`
    for (const entry of index.all())
      if (entry.path.startsWith(temp) && entry.mtime < before) {
        index.remove(entry.path)
        await forget(entry)
      }
    const all = await contents()
    await dropLost(all)
    const known = new Set(index.all().map(({ id }) => id))
    for (const id of await all.olderThan(before)) if (!known.has(id)) await all.remove(id)
  }

  return {
    get work() {
      return work
    },
    set work(path) {
      work = resolvePath(path, '').replace(/\/+$/, '') || DEFAULT_WORK
    },
    put,
    get,
    url,
    async saveAs(path, suggestedName) {
      const blob = await get(path)
      if (!blob) throw new YuntangError('files.unreadable')
      ports.download(blob, suggestedName ?? path.split(/[\\/]/).at(-1) ?? path)
    },
    list(prefix = '') {
      const start = prefix === '' ? '' : resolvePath(prefix, work)
      return index
        .all()
        .filter(({ path }) => path.startsWith(start))
        .map(({ path, size, mtime }) => ({ path, size, mtime }))
    },
    async remove(path) {
      const entry = entryOf(path)
      if (!entry) return false
      index.remove(resolvePath(path, work))
      await forget(entry)
      return true
    },
    exists: (path) => entryOf(path) !== null,
    find,
    async read(path) {
      const found = await find(path)
      if (found) return found
      // A path below a work directory that is a URL leads there; a URL is asked for as it was written.
      const url = FETCHED.test(path) ? path : path === '' ? '' : resolvePath(path, work)
      return FETCHED.test(url) ? await ports.fetchBlob(url).catch(() => null) : null
    },
    async receive(path, size) {
      const key = keyOf(path)
      if (size > (await ports.room())) throw asFull()
      const id = ports.newID()
      const writer = await (await contents()).create(id)
      let written = 0
      return {
        async write(bytes) {
          await writer.write(bytes)
          written += bytes.length
        },
        close: () => writer.close(),
        commit() {
          const before = index.get(key)
          enter(key, { id, size: written, mtime: ports.now() })
          void forget(before)
        },
        discard: () => writer.discard(),
      }
    },
    chosen: (path) => ports.chosen.find(path),
    room: () => ports.room(),
    register: (file, path) => ports.chosen.register(file, path),
    unregister: (path) => ports.chosen.unregister(path),
    estimate: () => ports.estimate(),
    persist: () => ports.persist(),
    async pick(options = {}) {
      const picked = await ports.pick(options)
      const { saveTo } = options
      if (saveTo === undefined) return picked.map((file) => ports.chosen.register(file))
      const folder = saveTo.replace(/[\\/]+$/, '')
      const paths = picked.map(({ name }) => `${folder}/${name}`)
      await Promise.all(picked.map((file, i) => put(paths[i] as string, file)))
      return paths
    },
    idOf: (path) => entryOf(path)?.id ?? null,
    async grow(path, least) {
      // A path that is none fails before anything is written.
      keyOf(path)
      if (least > (await ports.room())) throw asFull()
      const id = ports.newID()
      const all = await contents()
      const writer = await (all.append?.(id, least) ?? all.create(id)).catch((error: unknown) => {
        throw /quota/i.test(String(error)) ? asFull() : error
      })
      return {
        id,
        write: (bytes) => writer.write(bytes),
        close: () => writer.close(),
        discard: () => writer.discard(),
      }
    },
    async adopt(path, id) {
      const key = keyOf(path)
      const size = (await (await contents()).open(id))?.size ?? 0
      if (size === 0) {
        await (await contents()).remove(id)
        return null
      }
      const before = index.get(key)
      enter(key, { id, size, mtime: ports.now() })
      if (before?.id !== id) await forget(before)
      return size
    },
    ready: () => ready,
    async tidy() {
      try {
        await tidyNow()
      } finally {
        isReady()
      }
    },
  }
}

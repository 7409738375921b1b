import type { Stamp } from '@yuntang/protocol'
import { settled } from '../files/database.ts'

/** Stamps of recordings, kept over the end of the page. */
export interface StampStore {
  /** From now on the recording has evidence, also without any stamp. @param at ms since 1970 */
  begin(recording: string, at: number): Promise<void>
  add(stamp: Stamp): Promise<void>
  /** In the order in which they were added; null: no evidence was wanted. */
  of(recording: string): Promise<Stamp[] | null>
  remove(recording: string): Promise<void>
  /** Recordings that were begun before that time. */
  olderThan(at: number): Promise<string[]>
}

/** For pages that may store nothing, and for tests. */
export const createMemoryStamps = (): StampStore => {
  const begun = new Map<string, { at: number; stamps: Stamp[] }>()
  return {
    async begin(recording, at) {
      begun.set(recording, { at, stamps: [] })
    },
    async add(stamp) {
      begun.get(stamp.recording)?.stamps.push(stamp)
    },
    of: async (recording) => begun.get(recording)?.stamps.slice() ?? null,
    async remove(recording) {
      begun.delete(recording)
    },
    olderThan: async (at) =>
      [...begun].filter(([, entry]) => entry.at < at).map(([recording]) => recording),
  }
}

const DATABASE = 'yuntang-evidence'
const RECORDINGS = 'recordings'
const STAMPS = 'stamps'
const OF = 'recording'

const openDatabase = (): Promise<IDBDatabase> => {
  const request = globalThis.indexedDB.open(DATABASE, 1)
  request.onupgradeneeded = () => {
    request.result.createObjectStore(RECORDINGS)
    request.result.createObjectStore(STAMPS, { autoIncrement: true }).createIndex(OF, OF)
  }
  return settled(request)
}

/** In IndexedDB, one row for each stamp; in memory where there is none. */
export const openStamps = (): StampStore => {
  const fallback = createMemoryStamps()
  let opening: Promise<IDBDatabase | null> | null = null
  const database = () => {
    opening ??= globalThis.indexedDB ? openDatabase().catch(() => null) : Promise.resolve(null)
    return opening
  }
  /** Resolves when it is on disk. */
  const change = async (
    run: (transaction: IDBTransaction) => void,
    instead: () => Promise<void>,
  ): Promise<void> => {
    const open = await database()
    if (!open) return await instead()
    return await new Promise((resolve, reject) => {
      const transaction = open.transaction([RECORDINGS, STAMPS], 'readwrite')
      transaction.oncomplete = () => resolve()
      transaction.onabort = () => reject(transaction.error)
      run(transaction)
    })
  }
  return {
    begin: (recording, at) =>
      change(
        (on) => on.objectStore(RECORDINGS).put(at, recording),
        () => fallback.begin(recording, at),
      ),
    add: (stamp) =>
      change(
        (on) => on.objectStore(STAMPS).add(stamp),
        () => fallback.add(stamp),
      ),
    async of(recording) {
      const open = await database()
      if (!open) return await fallback.of(recording)
      const on = open.transaction([RECORDINGS, STAMPS])
      const begun = settled(on.objectStore(RECORDINGS).getKey(recording))
      const stamps = settled(on.objectStore(STAMPS).index(OF).getAll(recording))
      return (await begun) === undefined ? null : ((await stamps) as Stamp[])
    },
    remove: (recording) =>
      change(
        (on) => {
          on.objectStore(RECORDINGS).delete(recording)
          const cursor = on.objectStore(STAMPS).index(OF).openKeyCursor(recording)
          cursor.onsuccess = () => {
            const row = cursor.result
            if (!row) return
            on.objectStore(STAMPS).delete(row.primaryKey)
            row.continue()
          }
        },
        () => fallback.remove(recording),
      ),
    async olderThan(at) {
      const open = await database()
      if (!open) return await fallback.olderThan(at)
      const store = open.transaction(RECORDINGS).objectStore(RECORDINGS)
      const [names, times] = await Promise.all([
        settled(store.getAllKeys()),
        settled(store.getAll()) as Promise<number[]>,
      ])
      return names.map(String).filter((_, i) => (times[i] ?? at) < at)
    },
  }
}

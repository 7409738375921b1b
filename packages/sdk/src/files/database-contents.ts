import type { Contents } from './contents.ts'
import { change, openDatabase, settled } from './database.ts'

const DATABASE = 'yuntang-files'
const STORE = 'contents'

interface Row {
  readonly blob: Blob
  readonly at: number
}

/**
 * Contents in IndexedDB, for browsers and insecure pages without a private file system. What arrives
 * is collected in blobs, which the browser keeps outside of the page. Null where it is refused.
 */
export const openDatabaseContents = async (): Promise<Contents | null> => {
  if (!globalThis.indexedDB) return null
  const database = await openDatabase(DATABASE, [STORE]).catch(() => null)
  if (!database) return null

  const read = () => database.transaction(STORE).objectStore(STORE)
  const remove = (id: string) =>
    change(database, STORE, (store) => {
      store.delete(id)
    })

  return {
    async create(id) {
      let parts: Blob[] = []
      return {
        async write(bytes) {
          parts.push(new Blob([bytes]))
        },
        async close() {
          const row: Row = { blob: new Blob(parts), at: Date.now() }
          parts = []
          await change(database, STORE, (store) => {
            store.put(row, id)
          })
        },
        async discard() {
          parts = []
          await remove(id)
        },
      }
    },
    open: async (id) => ((await settled(read().get(id))) as Row | undefined)?.blob ?? null,
    remove,
    async olderThan(before) {
      const [ids, rows] = await Promise.all([
        settled(read().getAllKeys()),
        settled(read().getAll()) as Promise<Row[]>,
      ])
      return ids.map(String).filter((_, i) => (rows[i]?.at ?? before) < before)
    },
  }
}

import { YuntangError } from '../../errors.ts'
import type { FileKey } from './format.ts'

/** The keys of sealed files. */
export interface FileKeys {
  /** A new one, kept. Rejects with recording.key when the browser keeps none. */
  create(): Promise<FileKey>
  /** Null: not kept here. */
  find(name: string): Promise<CryptoKey | null>
  /** What it sealed cannot be read any more. */
  remove(name: string): Promise<void>
}

const DATABASE = 'yuntang-keys'
/** One key that cannot be exported wraps all others. */
const WRAPPING = 'wrapping'
const FILES = 'files'
const FILE_KEY = { name: 'AES-GCM', length: 256 }

const settled = <T>(request: IDBRequest<T>) =>
  new Promise<T>((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })

const openDatabase = async (): Promise<IDBDatabase> => {
  const request = globalThis.indexedDB.open(DATABASE, 1)
  request.onupgradeneeded = () => {
    for (const store of [WRAPPING, FILES]) request.result.createObjectStore(store)
  }
  return await settled(request)
}

/** Keys in IndexedDB; the browser's profile is what protects them. */
export const createFileKeys = (): FileKeys => {
  let opening: Promise<IDBDatabase> | null = null
  const database = () => {
    opening ??= openDatabase().catch((error: unknown) => {
      opening = null
      throw error
    })
    return opening
  }
  /** Resolves when it is on disk. */
  const change = async (store: string, run: (store: IDBObjectStore) => void) => {
    const transaction = (await database()).transaction(store, 'readwrite')
    await new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve()
      transaction.onabort = () => reject(transaction.error)
      run(transaction.objectStore(store))
    })
  }
  const read = async (store: string, name: string): Promise<unknown> =>
    await settled((await database()).transaction(store).objectStore(store).get(name))

  /** The first of several pages that make one wins. */
  const wrapping = async (): Promise<CryptoKey> => {
    const kept = await read(WRAPPING, WRAPPING)
    if (kept) return kept as CryptoKey
    const made = await crypto.subtle.generateKey({ name: 'AES-KW', length: 256 }, false, [
      'wrapKey',
      'unwrapKey',
    ])
    await change(WRAPPING, (store) => store.add(made, WRAPPING)).catch(() => {})
    return (await read(WRAPPING, WRAPPING)) as CryptoKey
  }

  return {
    async create() {
      try {
        const key = await crypto.subtle.generateKey(FILE_KEY, true, ['encrypt', 'decrypt'])
        const wrapped = await crypto.subtle.wrapKey('raw', key, await wrapping(), 'AES-KW')
        const name = crypto.randomUUID().replaceAll('-', '')
        await change(FILES, (store) => store.add(wrapped, name))
        return { name, key }
      } catch (error) {
        throw new YuntangError('recording.key', `No key can be kept: ${error}`)
      }
    },
    async find(name) {
      try {
        const wrapped = await read(FILES, name)
        if (!wrapped) return null
        const by = await wrapping()
        return await crypto.subtle.unwrapKey(
          'raw',
          wrapped as ArrayBuffer,
          by,
          'AES-KW',
          FILE_KEY,
          false,
          ['decrypt'],
        )
      } catch {
        return null // wrapped by another key, or no database
      }
    },
    remove: (name) => change(FILES, (store) => store.delete(name)),
  }
}

import { YuntangError } from '../../errors.ts'
import { change, openDatabase, settled } from '../database.ts'
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

/** Keys in IndexedDB; the browser's profile is what protects them. */
export const createFileKeys = (): FileKeys => {
  let opening: Promise<IDBDatabase> | null = null
  const database = () => {
    opening ??= openDatabase(DATABASE, [WRAPPING, FILES]).catch((error: unknown) => {
      opening = null
      throw error
    })
    return opening
  }
  const write = async (store: string, run: (store: IDBObjectStore) => void) =>
    await change(await database(), store, run)
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
    await write(WRAPPING, (store) => store.add(made, WRAPPING)).catch(() => {})
    return (await read(WRAPPING, WRAPPING)) as CryptoKey
  }

  return {
    async create() {
      try {
        const key = await crypto.subtle.generateKey(FILE_KEY, true, ['encrypt', 'decrypt'])
        const wrapped = await crypto.subtle.wrapKey('raw', key, await wrapping(), 'AES-KW')
        const name = crypto.randomUUID().replaceAll('-', '')
        await write(FILES, (store) => store.add(wrapped, name))
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
    remove: (name) => write(FILES, (store) => store.delete(name)),
  }
}

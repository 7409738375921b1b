/** Result of a request to IndexedDB. */
export const settled = <T>(request: IDBRequest<T>) =>
  new Promise<T>((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })

/** Rejects where IndexedDB is refused. */
export const openDatabase = async (
  name: string,
  stores: readonly string[],
): Promise<IDBDatabase> => {
  const request = globalThis.indexedDB.open(name, 1)
  request.onupgradeneeded = () => {
    for (const store of stores) request.result.createObjectStore(store)
  }
  return await settled(request)
}

/** Resolves when it is on disk. */
export const change = (
  database: IDBDatabase,
  store: string,
  run: (store: IDBObjectStore) => void,
): Promise<void> =>
  new Promise((resolve, reject) => {
    const transaction = database.transaction(store, 'readwrite')
    transaction.oncomplete = () => resolve()
    transaction.onabort = () => reject(transaction.error)
    run(transaction.objectStore(store))
  })

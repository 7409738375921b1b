import type { Files, PickOptions } from '../api.ts'

/** `CRVideo.vfs`: the virtual file store for modern pages (spec 00 §9). */
export const createVfs = (files: Files) => ({
  put: (path: string, data: Blob | ArrayBuffer | string) => files.put(path, data),
  get: (path: string) => files.get(path),
  url: (path: string) => files.url(path),
  saveAs: (path: string, suggestedName?: string) => files.saveAs(path, suggestedName),
  list: (prefix?: string) => files.list(prefix),
  remove: (path: string) => files.remove(path),
  exists: (path: string) => files.exists(path),
  register: (file: Blob, path?: string) => files.register(file, path),
  unregister: (path: string) => files.unregister(path),
  pick: (options?: PickOptions) => files.pick(options),
  estimate: () => files.estimate(),
  persist: () => files.persist(),
  ready: () => files.ready(),
})

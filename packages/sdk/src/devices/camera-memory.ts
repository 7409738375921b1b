import type { CameraNumbers } from './device-list.ts'

/** What a page knew of its cameras before it was reloaded (spec 08 §6.1). */
export interface CameraMemory {
  load(): CameraNumbers
  save(numbers: CameraNumbers): void
}

const KEY = 'yuntang.cameras'
/** Cameras that one tab remembers. */
const MOST = 64
const MOST_ID = 65_535

const isEntry = (entry: unknown): entry is [string, number] =>
  Array.isArray(entry) &&
  typeof entry[0] === 'string' &&
  Number.isInteger(entry[1]) &&
  entry[1] > 0 &&
  entry[1] <= MOST_ID

/** In the storage of the tab; a page without one forgets. */
export const tabMemory: CameraMemory = {
  load() {
    try {
      const read: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? '[]')
      return new Map(Array.isArray(read) ? read.filter(isEntry).slice(0, MOST) : [])
    } catch {
      return new Map()
    }
  },
  save(numbers) {
    const named = [...numbers].filter(([deviceId]) => deviceId !== '')
    try {
      if (named.length > 0 && named.length <= MOST)
        sessionStorage.setItem(KEY, JSON.stringify(named))
    } catch {
      // Refused: IDs begin anew after a reload.
    }
  },
}

import type { LinkEnv } from '../link/env.ts'

/** The one limit of all uploads of a page (spec 06 §8). */
export interface UploadRate {
  /** Bytes per second; 0: none. Acts at once. */
  limit: number
  /** Resolves with how many of `bytes` may be sent now; rejects with the abort's reason. */
  take(bytes: number, signal: AbortSignal): Promise<number>
}

/** Uploads must still move. */
const LEAST = 4096
/** Parts of a second's bytes that go at once. */
const PARTS = 4

export const createUploadRate = (env: Pick<LinkEnv, 'now' | 'after'>): UploadRate => {
  let limit = 0
  let freeAt = 0
  let cancelTimer = () => {}
  const waiting: { readonly bytes: number; readonly go: (granted: number) => void }[] = []

  const drain = () => {
    cancelTimer()
    for (let next = waiting[0]; next; next = waiting[0]) {
      const now = env.now()
      if (limit > 0 && freeAt > now) {
        cancelTimer = env.after(freeAt - now, drain)
        return
      }
      waiting.shift()
      const granted = limit > 0 ? Math.min(next.bytes, Math.ceil(limit / PARTS)) : next.bytes
      if (limit > 0) freeAt = now + (granted / limit) * 1000
      next.go(granted)
    }
  }

  return {
    get limit() {
      return limit
    },
    set limit(value) {
      const wanted = value > 0 ? Math.max(LEAST, value) : 0
      if (wanted === limit) return
      limit = wanted
      freeAt = env.now()
      drain()
    },
    take: (bytes, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) {
          reject(signal.reason)
          return
        }
        const abort = () => {
          waiting.splice(waiting.indexOf(entry), 1)
          reject(signal.reason)
        }
        const entry = {
          bytes,
          go(granted: number) {
            signal.removeEventListener('abort', abort)
            resolve(granted)
          },
        }
        signal.addEventListener('abort', abort, { once: true })
        waiting.push(entry)
        drain()
      }),
  }
}

import type { Events, Unsubscribe } from './api.ts'

/** Typed events of one object, with the side that emits. */
export interface Emitter<M> extends Events<M> {
  /** Calls the listeners subscribed at this moment, in order; one that throws is reported only. */
  emit<K extends keyof M>(event: K, data: M[K]): void
  /** Drops every listener. */
  clear(): void
}

/** Makes an emitter. */
export const createEmitter = <M>(): Emitter<M> => {
  type Entry = { readonly call: (data: never) => void }
  const listeners = new Map<keyof M, Set<Entry>>()

  const on = <K extends keyof M>(event: K, call: (data: M[K]) => void): Unsubscribe => {
    const entry: Entry = { call }
    const set = listeners.get(event) ?? new Set()
    listeners.set(event, set.add(entry))
    return () => {
      set.delete(entry)
    }
  }

  return {
    on,
    once(event, options = {}) {
      const { signal } = options
      return new Promise((resolve, reject) => {
        if (signal?.aborted) {
          reject(signal.reason)
          return
        }
        const abort = () => {
          off()
          reject(signal?.reason)
        }
        const off = on(event, (data) => {
          off()
          signal?.removeEventListener('abort', abort)
          resolve(data)
        })
        signal?.addEventListener('abort', abort, { once: true })
      })
    },
    emit(event, data) {
      for (const { call } of [...(listeners.get(event) ?? [])]) {
        try {
          call(data as never)
        } catch (error) {
          console.error(error)
        }
      }
    },
    clear() {
      for (const set of listeners.values()) set.clear()
      listeners.clear()
    },
  }
}

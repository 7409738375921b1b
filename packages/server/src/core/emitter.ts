/** Typed events of one object. */
export interface Emitter<E extends object> {
  /** Subscribes; the returned function unsubscribes and is idempotent. */
  on<K extends keyof E>(event: K, listener: (data: E[K]) => void): () => void
  /** Calls the listeners that are subscribed at this moment, in order of subscription. */
  emit<K extends keyof E>(event: K, data: E[K]): void
  /** Number of listeners, of one event or of all; a leak check. */
  count(event?: keyof E): number
  /** Drops every listener. */
  clear(): void
}

/**
 * Makes an emitter. A throwing listener never disturbs the emitter or the other listeners;
 * what it threw goes to `onError`.
 */
export const createEmitter = <E extends object>(
  onError: (error: unknown, event: keyof E) => void,
): Emitter<E> => {
  type Listener = { readonly call: (data: never) => void }
  const listeners = new Map<keyof E, Set<Listener>>()

  return {
    on(event, call) {
      const entry: Listener = { call }
      const set = listeners.get(event) ?? new Set()
      listeners.set(event, set.add(entry))
      return () => {
        set.delete(entry)
        if (set.size === 0 && listeners.get(event) === set) listeners.delete(event)
      }
    },
    emit(event, data) {
      for (const { call } of [...(listeners.get(event) ?? [])]) {
        try {
          call(data as never)
        } catch (error) {
          onError(error, event)
        }
      }
    },
    count(event) {
      if (event !== undefined) return listeners.get(event)?.size ?? 0
      let all = 0
      for (const set of listeners.values()) all += set.size
      return all
    },
    clear() {
      for (const set of listeners.values()) set.clear()
      listeners.clear()
    },
  }
}

/** Listeners by event; a listener that throws never disturbs the engine. */
export class EngineEmitter<M> {
  readonly #listeners = new Map<keyof M, Set<(data: never) => void>>()

  on<K extends keyof M>(event: K, listener: (data: M[K]) => void): () => void {
    const set = this.#listeners.get(event) ?? new Set()
    this.#listeners.set(event, set)
    set.add(listener as (data: never) => void)
    return () => set.delete(listener as (data: never) => void)
  }

  emit<K extends keyof M>(event: K, data: M[K], onError: (error: unknown) => void): void {
    for (const listener of this.#listeners.get(event) ?? [])
      try {
        ;(listener as (data: M[K]) => void)(data)
      } catch (error) {
        onError(error)
      }
  }

  clear(): void {
    this.#listeners.clear()
  }
}

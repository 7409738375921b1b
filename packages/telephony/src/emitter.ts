import type { Off } from './line.ts'
import type { Log } from './telephone.ts'

/** Listeners by event; one that throws disturbs nobody else. */
export class Emitter<Events extends { [K in keyof Events]: unknown[] }> {
  readonly #listeners = new Map<keyof Events, Set<unknown>>()
  readonly #log: Log

  constructor(log: Log) {
    this.#log = log
  }

  on<K extends keyof Events>(event: K, listener: (...data: Events[K]) => void): Off {
    const set = this.#listeners.get(event) ?? new Set()
    this.#listeners.set(event, set)
    set.add(listener)
    return () => set.delete(listener)
  }

  clear(): void {
    this.#listeners.clear()
  }

  emit<K extends keyof Events>(event: K, ...data: Events[K]): void {
    for (const listener of [...(this.#listeners.get(event) ?? [])])
      try {
        ;(listener as (...data: Events[K]) => void)(...data)
      } catch (error) {
        this.#log('error', `A listener of “${String(event)}” failed.`, { error })
      }
  }
}

import type { Off } from './line.ts'

/** Listeners of one event; one that throws is told to `failed` and disturbs nobody. */
export class Listeners<A extends unknown[]> {
  readonly #all = new Set<(...data: A) => void>()

  constructor(private readonly failed: (error: unknown) => void) {}

  get size(): number {
    return this.#all.size
  }

  add(listener: (...data: A) => void): Off {
    const own = (...data: A) => listener(...data)
    this.#all.add(own)
    return () => void this.#all.delete(own)
  }

  tell(...data: A): void {
    for (const listener of [...this.#all])
      try {
        listener(...data)
      } catch (error) {
        this.failed(error)
      }
  }

  clear(): void {
    this.#all.clear()
  }
}

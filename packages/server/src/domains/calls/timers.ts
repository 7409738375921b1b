import type { Clock } from '../../core/clock.ts'

/** Named timers of one owner: a name set again replaces the earlier one. */
export class Timers {
  readonly #pending = new Map<string, () => void>()

  constructor(private readonly clock: Clock) {}

  set(name: string, ms: number, run: () => void): void {
    this.stop(name)
    const cancel = this.clock.schedule(Math.max(0, ms), () => {
      this.#pending.delete(name)
      run()
    })
    this.#pending.set(name, cancel)
  }

  stop(name: string): void {
    this.#pending.get(name)?.()
    this.#pending.delete(name)
  }

  close(): void {
    for (const cancel of this.#pending.values()) cancel()
    this.#pending.clear()
  }
}

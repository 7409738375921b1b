import { LIMITS } from '@yuntang/protocol'
import type { Clock } from '../../core/clock.ts'

/**
 * One member's actions in order, 100 a second; further ones wait, none is dropped (spec 12 §1).
 * The gateway bounds how many requests of a page may wait.
 */
export class Turns {
  #allowance: number = LIMITS.boardActionsPerSecond
  #at: number
  readonly #waiting: { count: number; go: (mine: boolean) => void }[] = []
  #cancel: (() => void) | null = null
  #closed = false

  constructor(private readonly clock: Clock) {
    this.#at = clock.now()
  }

  /** Resolves when `count` actions may be taken; false when the member is gone by then. */
  take(count: number): Promise<boolean> {
    if (this.#closed) return Promise.resolve(false)
    return new Promise((go) => {
      this.#waiting.push({ count, go })
      if (!this.#cancel) this.#proceed()
    })
  }

  #proceed(): void {
    this.#cancel = null
    const now = this.clock.now()
    const rate = LIMITS.boardActionsPerSecond
    this.#allowance = Math.min(rate, this.#allowance + ((now - this.#at) / 1000) * rate)
    this.#at = now
    while (this.#allowance > 0) {
      const next = this.#waiting.shift()
      if (!next) return
      this.#allowance -= next.count
      next.go(true)
    }
    if (this.#waiting.length > 0)
      this.#cancel = this.clock.schedule(((1 - this.#allowance) / rate) * 1000, () =>
        this.#proceed(),
      )
  }

  close(): void {
    this.#closed = true
    this.#cancel?.()
    this.#cancel = null
    for (const { go } of this.#waiting.splice(0)) go(false)
  }
}

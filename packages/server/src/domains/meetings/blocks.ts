import { LIMITS } from '@yuntang/protocol'
import type { Clock } from '../../core/clock.ts'

/**
 * Page loads that lost a seat to a newer entry. For 30 s they may not take it back, so that two pages
 * never throw each other out for ever (spec 07 §5.4).
 */
export class Blocks {
  readonly #until = new Map<string, number>()

  constructor(private readonly clock: Clock) {}

  #key(room: number, userID: string, instance: string) {
    return `${room}\n${instance}\n${userID}`
  }

  add(room: number, userID: string, instance: string): void {
    const now = this.clock.now()
    for (const [key, until] of this.#until) if (until <= now) this.#until.delete(key)
    this.#until.set(this.#key(room, userID, instance), now + LIMITS.takeover)
  }

  has(room: number, userID: string, instance: string): boolean {
    return (this.#until.get(this.#key(room, userID, instance)) ?? 0) > this.clock.now()
  }
}

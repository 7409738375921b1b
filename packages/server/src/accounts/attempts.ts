import type { Clock } from '../core/clock.ts'
import { createThrottle } from './throttle.ts'

/** Ends an attempt; one that failed stays counted. */
export type EndAttempt = (failed: boolean) => void

/** Attempts that may fail, counted by name within windows of time. */
export interface Attempts {
  /**
   * Counts an attempt before it is made, so that many at once gain nothing. One that would be too many
   * waits for those under way, since they may succeed; null: as many as there may be have failed.
   */
  begin(name: string): Promise<EndAttempt | null>
}

interface UnderWay {
  running: number
  readonly waiting: (() => void)[]
}

/** `max` failures per name and window of `windowMs`; a window starts with its first attempt. */
export const createAttempts = (clock: Clock, max: number, windowMs: number): Attempts => {
  const throttle = createThrottle(clock, max, windowMs)
  const underWay = new Map<string, UnderWay>()

  const start = (name: string): EndAttempt => {
    const here = underWay.get(name) ?? { running: 0, waiting: [] }
    underWay.set(name, here)
    here.running += 1
    return (failed) => {
      here.running -= 1
      if (!failed) throttle.giveBack(name)
      // A failure leaves no room for another one; the last of all tells everybody how it ended.
      const woken = here.running === 0 ? here.waiting.splice(0) : []
      if (here.running > 0 && !failed) woken.push(...here.waiting.splice(0, 1))
      if (here.running === 0) underWay.delete(name)
      for (const wake of woken) wake()
    }
  }

  return {
    async begin(name) {
      for (;;) {
        if (throttle.take(name)) return start(name)
        const here = underWay.get(name)
        if (!here) return null
        await new Promise<void>((wake) => here.waiting.push(wake))
      }
    },
  }
}

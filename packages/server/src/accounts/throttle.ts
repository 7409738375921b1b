import type { Clock } from '../core/clock.ts'

/** Names kept at once; beyond it the oldest are forgotten. */
const MAX_NAMES = 10_000

interface Count {
  used: number
  readonly until: number
}

/** Counts attempts by name within windows of time. */
export interface Throttle {
  /** Takes one attempt; false when the name has none left in this window. */
  take(name: string): boolean
  /** Gives an attempt back: it succeeded, or was not made. */
  giveBack(name: string): void
}

/** `max` attempts per name and window of `windowMs`; a window starts with its first attempt. */
export const createThrottle = (clock: Clock, max: number, windowMs: number): Throttle => {
  const counts = new Map<string, Count>()

  const current = (name: string): Count | undefined => {
    const count = counts.get(name)
    if (!count || count.until > clock.now()) return count
    counts.delete(name)
    return undefined
  }

  return {
    take(name) {
      const count = current(name)
      if (count) {
        if (count.used >= max) return false
        count.used++
        return true
      }
      const oldest = counts.size >= MAX_NAMES ? counts.keys().next().value : undefined
      if (oldest !== undefined) counts.delete(oldest)
      counts.set(name, { used: 1, until: clock.now() + windowMs })
      return true
    },
    giveBack(name) {
      const count = current(name)
      if (count && --count.used <= 0) counts.delete(name)
    },
  }
}

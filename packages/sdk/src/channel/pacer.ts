import type { LinkEnv } from '../link/env.ts'

/** Lets at most `perSecond` through, in order, and none while it is held. */
export interface Pacer {
  add(run: () => void): void
  hold(held: boolean): void
  /** Forgets what waits. */
  clear(): void
}

/** Makes a pacer; as many as one second's may go at once after a pause (spec 04 §2 rule 10). */
export const createPacer = (perSecond: number, env: LinkEnv): Pacer => {
  let waiting: (() => void)[] = []
  let tokens = perSecond
  let at = env.now()
  let held = false
  let cancelTimer: (() => void) | null = null

  const go = () => {
    cancelTimer?.()
    cancelTimer = null
    if (held) return
    const now = env.now()
    tokens = Math.min(perSecond, tokens + ((now - at) / 1000) * perSecond)
    at = now
    while (tokens >= 1) {
      const run = waiting.shift()
      if (!run) return
      tokens -= 1
      run()
    }
    if (waiting.length > 0) cancelTimer = env.after(((1 - tokens) / perSecond) * 1000, go)
  }

  return {
    add(run) {
      waiting.push(run)
      if (!cancelTimer) go()
    },
    hold(now) {
      held = now
      go()
    },
    clear() {
      cancelTimer?.()
      cancelTimer = null
      waiting = []
    },
  }
}

import type { Clock } from '../../src/index.ts'

export interface FakeClock extends Clock {
  /** Lets time pass, timer by timer, and everything that follows from each. */
  advance(ms: number): Promise<void>
}

/** Everything that promises and microtasks have pending. */
export const settled = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await Promise.resolve()
}

export const fakeClock = (): FakeClock => {
  let now = 1_000_000
  const timers = new Set<{ at: number; run: () => void }>()
  return {
    now: () => now,
    schedule(ms, run) {
      const timer = { at: now + ms, run }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    async advance(ms) {
      const end = now + ms
      await settled()
      for (;;) {
        const [next] = [...timers].sort((a, b) => a.at - b.at)
        if (!next || next.at > end) break
        now = next.at
        timers.delete(next)
        next.run()
        await settled()
      }
      now = end
    },
  }
}

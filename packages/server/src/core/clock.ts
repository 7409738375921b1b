/** Time as the server sees it; injected everywhere, so that tests decide what time it is. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  /** Runs once after `ms`; the returned function cancels and may be called at any time. */
  schedule(ms: number, run: () => void): () => void
}

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  schedule(ms, run) {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
}

/** A clock that moves only by `advance`. */
export interface FakeClock extends Clock {
  /** Moves time on and runs what is due, in order of time, then of scheduling. */
  advance(ms: number): void
  /** How many timers wait; a leak check for tests. */
  pending(): number
}

/** A fake clock; `start` in milliseconds since 1970. */
export const createFakeClock = (start = 1_700_000_000_000): FakeClock => {
  let now = start
  let nextId = 0
  const timers = new Map<number, { at: number; run: () => void }>()

  const nextDue = (until: number) => {
    let found: number | null = null
    let at = Number.POSITIVE_INFINITY
    for (const [id, timer] of timers)
      if (timer.at <= until && timer.at < at) {
        found = id
        at = timer.at
      }
    return found
  }

  return {
    now: () => now,
    schedule(ms, run) {
      const id = nextId++
      timers.set(id, { at: now + Math.max(0, ms), run })
      return () => {
        timers.delete(id)
      }
    },
    advance(ms) {
      const until = now + ms
      for (let id = nextDue(until); id !== null; id = nextDue(until)) {
        const timer = timers.get(id)!
        timers.delete(id)
        now = timer.at
        timer.run()
      }
      now = until
    },
    pending: () => timers.size,
  }
}

import type { Clock } from './clock.ts'

/** A timer this much late says that we slept, not that the others did. */
const LATE_MS = 2_000

/**
 * Runs once after `ms`, for judging that somebody else was silent. When the process was suspended or
 * the clock jumped the timer comes late; then `grace` more milliseconds pass first, because what the
 * other side sent meanwhile has not been read yet.
 */
export const schedulePatiently = (
  clock: Clock,
  ms: number,
  grace: number,
  run: () => void,
): (() => void) => {
  const due = clock.now() + ms
  let cancel = clock.schedule(ms, () => {
    if (clock.now() - due < LATE_MS) run()
    else cancel = clock.schedule(grace, run)
  })
  return () => cancel()
}

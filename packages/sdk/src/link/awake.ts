import type { LinkEnv } from './env.ts'

/** A timer this much late says that this page slept, not that the server was silent. */
const LATE = 2_000

/**
 * Runs once after `ms`, for giving something up. A page whose timers were held back gets `grace` more:
 * what the server sent meanwhile is read first.
 */
export const afterAwake = (
  env: LinkEnv,
  ms: number,
  grace: number,
  run: () => void,
): (() => void) => {
  const due = env.now() + ms
  let cancel = env.after(ms, () => {
    if (env.now() - due < LATE) run()
    else cancel = env.after(grace, run)
  })
  return () => cancel()
}

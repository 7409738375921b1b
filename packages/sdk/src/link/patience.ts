import { YuntangError } from '../errors.ts'
import type { LinkEnv } from './env.ts'
import type { Link } from './link.ts'

/** Between two tries to connect for an entry, in milliseconds. */
const RETRY = 1_000

/** Resolves after `ms`, or at once when the signal aborts. */
export const pause = (
  env: Pick<LinkEnv, 'after'>,
  ms: number,
  signal: AbortSignal,
): Promise<void> =>
  new Promise((resolve) => {
    const end = () => {
      cancel()
      signal.removeEventListener('abort', end)
      resolve()
    }
    const cancel = env.after(ms, end)
    signal.addEventListener('abort', end, { once: true })
    if (signal.aborted) end()
  })

/**
 * Keeps trying to connect until the signal aborts (spec 07 §5.3). Rejects with the last failure when
 * the time was over, with the abort's reason, or at once when trying again would not help.
 */
export const connectPatiently = async (
  connect: (signal: AbortSignal) => Promise<Link>,
  env: LinkEnv,
  signal: AbortSignal,
): Promise<Link> => {
  let last: unknown = null
  for (;;) {
    try {
      signal.throwIfAborted()
      return await connect(signal)
    } catch (error) {
      if (signal.aborted) {
        const { reason } = signal
        const late = reason instanceof YuntangError && reason.code === 'connection.timeout'
        throw late && last ? last : reason
      }
      const again = error instanceof YuntangError && error.code.startsWith('connection.')
      if (!again || error.code === 'connection.none') throw error
      last = error
    }
    await pause(env, RETRY, signal)
  }
}

import { YuntangError } from '../errors.ts'
import type { LinkEnv } from '../link/env.ts'
import { pause } from '../link/patience.ts'

/** Spec 06 §1.1: so often without a byte of progress, so far apart. */
const MOST_TRIES = 3
const APART_MS = 2000

/** The network or the server failed in a way that may pass. */
export class Passing extends Error {
  override readonly name = 'Passing'
}

const PASSING = ['internal', 'request.timeout', 'file.incomplete', 'file.changed', 'rate.exceeded']

const mayPass = (error: unknown) =>
  error instanceof Passing ||
  (error instanceof YuntangError &&
    (PASSING.includes(error.code) || error.code.startsWith('connection.')))

/**
 * Runs one part after another until one succeeds, fails for good, or three in a row moved nothing.
 * `position` tells how far it is. While the link resumes a part waits for it by itself.
 */
export const tryOn = async <T>(
  env: Pick<LinkEnv, 'after'>,
  signal: AbortSignal,
  position: () => number,
  run: () => Promise<T>,
): Promise<T> => {
  let tries = 0
  for (;;) {
    const before = position()
    try {
      return await run()
    } catch (error) {
      signal.throwIfAborted()
      if (!mayPass(error)) throw error
      tries = position() > before ? 1 : tries + 1
      if (tries >= MOST_TRIES)
        throw error instanceof YuntangError ? error : new YuntangError('connection.failed')
    }
    await pause(env, APART_MS, signal)
    signal.throwIfAborted()
  }
}

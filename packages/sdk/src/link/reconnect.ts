import { type ErrorCode, LIMITS } from '@yuntang/protocol'
import { YuntangError } from '../errors.ts'
import { afterAwake } from './awake.ts'
import { dial, type Greeted, type Greeting } from './dial.ts'
import type { LinkEnv } from './env.ts'

/** Longest waits between tries; jitter takes up to half off, so that pages do not come in step. */
const BACKOFF = [500, 1_000, 2_000]
/** So long before the seat is lost, tries come as fast as at first: a network that is back just in time counts. */
const LAST = 5_000
/** The first tries give up sooner: a network that swallows packets holds a try as long as it may. */
const FIRST_TRY = 4_000
const MORE_PER_TRY = 2_000
const YOUNG = 1_000

export interface ReconnectDeps {
  readonly env: LinkEnv
  /** T_RESUME as the server said. */
  readonly window: number
  readonly urls: readonly string[]
  greeting(): Greeting
  resumed(greeted: Greeted): void
  /** The window is over or the server refuses: `lost` when it no longer knows the session. */
  gaveUp(code: ErrorCode | null): void
}

/** One silent reconnect (spec 07 §5.1). */
export interface Reconnect {
  /** The network or the page came back: try now. */
  hurry(): void
  stop(): void
}

export const createReconnect = (deps: ReconnectDeps): Reconnect => {
  const { env } = deps
  const since = env.now()
  let stopped = false
  let round = 0
  let cancelWait = () => {}
  /** The try under way. */
  let current: { abort: AbortController; since: number } | null = null

  const stop = () => {
    cancelWindow()
    cancelWait()
    stopped = true
    current?.abort.abort()
  }

  const attempt = async () => {
    const abort = new AbortController()
    current = { abort, since: env.now() }
    try {
      const limit = Math.min(LIMITS.connect, FIRST_TRY + round * MORE_PER_TRY)
      const greeted = await dial(deps.urls, deps.greeting(), env, abort.signal, limit)
      stop()
      deps.resumed(greeted)
    } catch (error) {
      if (stopped || abort.signal.aborted) return
      current = null
      if (error instanceof YuntangError && !error.code.startsWith('connection.')) {
        stop()
        deps.gaveUp('connection.lost')
        return
      }
      round += 1
      wait()
    }
  }
  const wait = () => {
    const isLast = env.now() > since + deps.window - LAST
    const longest = BACKOFF[isLast ? 0 : Math.min(round, BACKOFF.length - 1)]!
    cancelWait = env.after(longest * (1 - env.random() / 2), () => void attempt())
  }
  const hurry = () => {
    // A young try may be about to succeed; an old one hangs in the network that was.
    if (stopped || (current && env.now() - current.since < YOUNG)) return
    current?.abort.abort()
    cancelWait()
    round = 0
    void attempt()
  }

  const cancelWindow = afterAwake(env, deps.window, LIMITS.connect, () => {
    stop()
    deps.gaveUp(null)
  })
  wait()
  return { hurry, stop }
}

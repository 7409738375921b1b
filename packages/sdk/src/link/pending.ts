import { LIMITS, REPEATABLE, type RequestFrame } from '@yuntang/protocol'
import { YuntangError } from '../errors.ts'
import { afterAwake } from './awake.ts'
import type { LinkEnv } from './env.ts'

interface Entry {
  readonly frame: RequestFrame
  readonly resolve: (result: unknown) => void
  readonly reject: (error: unknown) => void
  cancelTimer: () => void
  settled: boolean
  /** Sent at least once. */
  posted: boolean
  /** Sent before the server was restarted, and not to be sent again: nobody will answer. */
  doubtful: boolean
}

/** A link's requests that have no answer yet, numbered 1, 2, 3 …; survives a resume. */
export const createPending = (env: LinkEnv) => {
  const entries = new Map<number, Entry>()
  let lastID = 0

  const settle = (entry: Entry | undefined, finish: (entry: Entry) => void) => {
    if (!entry || entry.settled) return
    entry.settled = true
    entry.cancelTimer()
    finish(entry)
  }

  const startTimer = (entry: Entry) => {
    entry.cancelTimer = afterAwake(env, LIMITS.request, LIMITS.heartbeat, () =>
      settle(entry, () => entry.reject(new YuntangError('request.timeout'))),
    )
  }

  /**
   * An answer, also to a request that was given up: it is forgotten only now, because a number once
   * used must be sent again on a resume or the server's count would have a hole.
   */
  const answered = (id: number, finish: (entry: Entry) => void) => {
    const entry = entries.get(id)
    entries.delete(id)
    settle(entry, finish)
  }

  return {
    /** Registers a request; no frame when its signal is aborted already. */
    add(method: string, params: unknown, live: boolean, signal?: AbortSignal) {
      if (signal?.aborted) return { frame: null, promise: Promise.reject(signal.reason) }
      const frame: RequestFrame = { id: ++lastID, method, params }
      const promise = new Promise<unknown>((resolve, reject) => {
        const abort = () => settle(entry, () => reject(signal?.reason))
        const done = () => signal?.removeEventListener('abort', abort)
        const entry: Entry = {
          frame,
          resolve: (result) => {
            done()
            resolve(result)
          },
          reject: (error) => {
            done()
            reject(error)
          },
          cancelTimer: () => {},
          settled: false,
          posted: live,
          doubtful: false,
        }
        entries.set(frame.id, entry)
        signal?.addEventListener('abort', abort, { once: true })
        if (live) startTimer(entry)
      })
      return { frame, promise }
    },
    resolve: (id: number, result: unknown) => answered(id, (entry) => entry.resolve(result)),
    reject: (id: number, error: Error) => answered(id, (entry) => entry.reject(error)),
    /** While the link is away nothing times out; the resume window bounds the wait. */
    pause() {
      for (const entry of entries.values()) entry.cancelTimer()
    },
    /**
     * Restarts the clocks; returns the frames that the server has not taken, in order. After a
     * restart of the server only those that were never sent or may be repeated.
     */
    resume(taken: number, restarted: boolean): RequestFrame[] {
      const frames: RequestFrame[] = []
      for (const entry of entries.values()) {
        if (!entry.settled) startTimer(entry)
        if (restarted && entry.posted && !REPEATABLE.has(entry.frame.method)) entry.doubtful = true
        if (entry.doubtful || entry.frame.id <= taken) continue
        entry.posted = true
        frames.push(entry.frame)
      }
      return frames
    },
    /** The page knows the state after the restart: requests that nobody will answer fail. */
    dropDoubtful() {
      for (const entry of [...entries.values()])
        if (entry.doubtful)
          answered(entry.frame.id, () => entry.reject(new YuntangError('connection.lost')))
    },
    rejectAll(error: Error) {
      for (const entry of entries.values()) settle(entry, () => entry.reject(error))
      entries.clear()
    },
  }
}

/** One attempt that can be cut short from several sides. */
export interface Attempt {
  readonly signal: AbortSignal
  abort(reason: unknown): void
  /** Runs when it is over: drops timer and listener. */
  done(): void
}

/** `outer` and the time limit abort it; the limit with `late()`. */
export const createAttempt = (
  after: (ms: number, run: () => void) => () => void,
  limit: number,
  late: () => unknown,
  outer?: AbortSignal,
): Attempt => {
  const controller = new AbortController()
  const abort = (reason: unknown) => controller.abort(reason)
  const cancelTimer = after(limit, () => abort(late()))
  const follow = () => abort(outer?.reason)
  if (outer?.aborted) follow()
  else outer?.addEventListener('abort', follow, { once: true })
  return {
    signal: controller.signal,
    abort,
    done() {
      cancelTimer()
      outer?.removeEventListener('abort', follow)
    },
  }
}

/** Time, injected so that tests decide what it is. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  /** Runs once after `ms`; the returned function cancels and may be called at any time. */
  schedule(ms: number, run: () => void): () => void
}

type Dispose = () => void | Promise<void>

/** Owns things that must be closed; closes them in reverse order of adding. */
export interface Scope {
  /** Adds a disposer; on a closed scope it runs at once. Returns a function that forgets it unrun. */
  add(dispose: Dispose): () => void
  /**
   * Runs the disposers, each after the one before it has finished. Idempotent: every call gets the
   * same promise. Every disposer runs even when another fails; the failures come as one error.
   */
  close(): Promise<void>
  readonly closed: boolean
}

/** Makes an open scope. `onLate` hears of a disposer that failed after the scope was closed. */
export const createScope = (onLate?: (error: unknown) => void): Scope => {
  const disposers: { run: Dispose }[] = []
  let closing: Promise<void> | null = null

  const closeAll = async () => {
    const errors: unknown[] = []
    for (let next = disposers.pop(); next; next = disposers.pop()) {
      try {
        await next.run()
      } catch (error) {
        errors.push(error)
      }
    }
    if (errors.length === 1) throw errors[0]
    if (errors.length > 1) throw new AggregateError(errors, 'Several things could not be closed')
  }

  return {
    add(run) {
      if (closing) {
        void Promise.resolve()
          .then(run)
          .catch((error: unknown) => onLate?.(error))
        return () => {}
      }
      const entry = { run }
      disposers.push(entry)
      return () => {
        const at = disposers.indexOf(entry)
        if (at >= 0) disposers.splice(at, 1)
      }
    },
    close() {
      closing ??= closeAll()
      return closing
    },
    get closed() {
      return closing !== null
    },
  }
}

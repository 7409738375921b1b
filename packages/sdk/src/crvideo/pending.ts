import { isErrorCode } from '@yuntang/protocol'

/** The classic number of whatever was thrown; 3 for something that is not an SDK failure. */
export function sdkNumber(error: unknown): number {
  if (typeof error !== 'object' || error === null) return 3
  const { code, sdk } = error as { code?: unknown; sdk?: unknown }
  return isErrorCode(code) && typeof sdk === 'number' ? sdk : 3
}

/** A started operation whose one result callback is still owed (spec 00 §6.2). */
export interface Pending {
  /** Ends it with this code unless it has its result already. */
  fail(sdkErr: number): void
}

interface Entry extends Pending {
  abort: AbortController
}

/** All operations of this page that still owe a result. */
export class PendingOperations {
  private readonly open = new Set<Entry>()

  /** Runs one operation: exactly one of `done` and `failed` is called, or none after `drop`. */
  start<T>(
    run: (signal: AbortSignal) => Promise<T>,
    done: (value: T) => void,
    failed: (sdkErr: number, error: unknown) => void,
  ): Pending {
    const abort = new AbortController()
    const entry: Entry = {
      abort,
      fail: (sdkErr) => {
        if (!this.open.delete(entry)) return
        failed(sdkErr, null)
        abort.abort()
      },
    }
    this.open.add(entry)
    const attempt = async () => run(abort.signal)
    attempt().then(
      (value) => {
        if (this.open.delete(entry)) done(value)
      },
      (error: unknown) => {
        if (this.open.delete(entry)) failed(sdkNumber(error), error)
      },
    )
    return entry
  }

  /** Forgets everything without a result (logout, uninit). */
  drop(): void {
    const dropped = [...this.open]
    this.open.clear()
    for (const entry of dropped) entry.abort.abort()
  }
}

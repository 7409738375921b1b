import type { LinkEnv } from '../link/env.ts'

/** Where a running transfer says how far it is. */
export interface Report {
  size(total: number): void
  /** Everything needed is there: it begins, or goes on. */
  begin(): void
  at(bytes: number): void
}

/** What one transfer does; it may be stopped at any byte and run again. */
export interface Job<T> {
  run(signal: AbortSignal, report: Report): Promise<T>
  /** It is given up: nothing of it stays. */
  discard(): void
}

export interface TransferPorts {
  readonly env: Pick<LinkEnv, 'now' | 'after'>
  readonly fetch: typeof globalThis.fetch
}

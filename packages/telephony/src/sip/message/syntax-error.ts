import type { SipMessage } from './message.ts'

/** A message that breaks the grammar. */
export class SipSyntaxError extends Error {
  override readonly name = 'SipSyntaxError'
  constructor(
    /** Status for a request: 400, 413, 505 … (RFC 3261 §21.4, §21.5). */
    readonly status: number,
    detail: string,
    /** What could be read, when that is enough to refuse it. */
    readonly read: SipMessage | null = null,
  ) {
    super(detail)
  }
}

/** A mailbox refused a turn: it was closed, or as many turns as it may hold are waiting. */
export class MailboxError extends Error {
  override readonly name = 'MailboxError'
  constructor(readonly reason: 'full' | 'closed') {
    super(reason === 'full' ? 'The mailbox is full' : 'The mailbox is closed')
  }
}

/** Serial execution: one turn at a time, in the order of `run`. */
export interface Mailbox {
  /** Runs a turn after all earlier ones; its result or error comes back to the caller only. */
  run<T>(turn: () => Promise<T> | T): Promise<T>
  /** Turns that wait or run. */
  readonly size: number
  /** Refuses further turns; resolves when those already taken have run. Idempotent. */
  close(): Promise<void>
}

/** Makes a mailbox that holds at most `limit` turns, the running one included. */
export const createMailbox = (limit = 10_000): Mailbox => {
  let size = 0
  let closed = false
  let tail: Promise<void> = Promise.resolve()

  return {
    run<T>(turn: () => Promise<T> | T): Promise<T> {
      if (closed) return Promise.reject(new MailboxError('closed'))
      if (size >= limit) return Promise.reject(new MailboxError('full'))
      size++
      const result = tail.then(turn)
      const done = () => {
        size--
      }
      tail = result.then(done, done)
      return result
    },
    get size() {
      return size
    },
    close() {
      closed = true
      return tail
    },
  }
}

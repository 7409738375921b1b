import { createMailbox, type Mailbox } from './mailbox.ts'

/** Serial execution for each of many things; nothing is kept of those that rest. */
export interface Turns<K> {
  /** Runs a turn after all earlier ones of this thing. */
  run<T>(of: K, turn: () => Promise<T>): Promise<T>
}

export const createTurns = <K>(): Turns<K> => {
  const mailboxes = new Map<K, Mailbox>()
  return {
    run(of, turn) {
      const mine = mailboxes.get(of) ?? createMailbox()
      mailboxes.set(of, mine)
      return mine.run(turn).finally(() => {
        if (mine.size === 0 && mailboxes.get(of) === mine) mailboxes.delete(of)
      })
    },
  }
}

import { type ErrorCode, LIMITS } from '@yuntang/protocol'

/** A login that was lost together with a meeting. */
interface Lost {
  readonly proof: string
  readonly userID: string
  readonly meetingID: number
  readonly until: number
}

/** See {@link createComeback}. */
export interface Comeback {
  keep(code: ErrorCode, login: { userID: string; proof: string }, meetingID: number): void
  /** What fits an entry into this meeting as this user (`""`: as before). */
  find(meetingID: number, userID: string): { userID: string; proof: string } | null
  forget(): void
}

/**
 * Keeps the proof of a lost login: with it the page may come back into the same meeting under the same
 * user ID until T_SESSION after the loss, unless it was thrown out (spec 07 §5.3).
 */
export const createComeback = (now: () => number): Comeback => {
  let lost: Lost | null = null
  return {
    keep(code, login, meetingID) {
      if (code === 'session.replaced' || code === 'session.closed') return
      lost = { ...login, meetingID, until: now() + LIMITS.session }
    },
    find(meetingID, userID) {
      if (!lost || lost.meetingID !== meetingID || now() > lost.until) return null
      if (userID !== '' && userID !== lost.userID) return null
      return { userID: lost.userID, proof: lost.proof }
    },
    forget() {
      lost = null
    },
  }
}

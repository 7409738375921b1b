import type { UserStatus } from '@yuntang/protocol'

/** What decides how others see a user. */
export interface Conditions {
  readonly online: boolean
  /** Entered on the logged-in connection. */
  readonly inMeeting: boolean
  /** Calling, ringing or in an accepted call. */
  readonly engaged: boolean
}

/** Spec 02 §7: the highest row that applies wins. */
export const statusOf = ({ online, inMeeting, engaged }: Conditions): UserStatus['status'] => {
  if (!online) return 0
  if (inMeeting) return 3
  return engaged ? 2 : 1
}

/** One login as presence keeps it; do-not-disturb is 0 at each login. */
export interface Presence {
  readonly userID: string
  readonly nickName: string
  /** Counts logins up, so that a list can go on where its last part ended. */
  readonly order: number
  readonly dnd: number
}

/** The users of one app account who are online, in order of login, and those whose change is not told yet. */
export interface Board {
  readonly users: Map<string, Presence>
  readonly changed: Map<string, string>
}

/** A part of the list: users that logged in after `after`, at most `limit`. */
export const part = (board: Board, after: number, limit: number) => {
  const users: Presence[] = []
  for (const user of board.users.values()) {
    if (user.order <= after) continue
    if (users.length === limit) return { users, next: users[limit - 1]?.order }
    users.push(user)
  }
  return { users }
}

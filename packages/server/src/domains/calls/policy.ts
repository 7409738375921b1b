import type { Context, User } from '../../actor/context.ts'
import { isSameSecret } from '../../core/same-secret.ts'
import type { MeetingRecord } from '../../storage/port.ts'

/** Who may invite into a meeting: its members and its creator (spec 03 §9). */
export const mayInvite = (ctx: Context, user: User, meeting: MeetingRecord): boolean =>
  ctx.seat?.room.id === meeting.id ||
  (meeting.account === user.account && meeting.creator === user.userID)

/** A meeting of another app account exists only for who knows its password. */
export const mayRefer = (user: User, meeting: MeetingRecord, password: string): boolean =>
  meeting.account === user.account ||
  (meeting.password !== '' && isSameSecret(meeting.password, password))

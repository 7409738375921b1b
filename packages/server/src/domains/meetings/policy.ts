import type { User } from '../../actor/context.ts'
import type { MeetingRecord } from '../../storage/port.ts'

/**
 * Whether a meeting exists for this user at all: those of another app account are never there, only
 * one that takes guests can be entered from outside, as a guest (spec 00 §1, §6.4; 03 §1).
 */
export const mayKnow = (meeting: MeetingRecord, user: User | null, guests: boolean): boolean =>
  user === null || user.account === meeting.account || guests

/** Whether a user ID in a meeting is that of this login. */
export const isSelf = (known: User | null, meeting: MeetingRecord, userID: string): boolean =>
  known !== null && known.account === meeting.account && known.userID === userID

/**
 * Whether somebody may sit in a meeting under this user ID. The creator's belongs to the creator's own
 * login: with it come rights over others (spec 07 §1.4).
 * @param known the login, present or proven; null for a guest.
 */
export const mayBe = (meeting: MeetingRecord, userID: string, known: User | null): boolean =>
  userID !== meeting.creator || isSelf(known, meeting, userID)

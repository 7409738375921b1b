import type { CallMeeting, CallMeetingRef } from '../api.ts'
import { number, record, text } from './convert.ts'

const KNOWN = new Set(['ID', 'pswd', 'subject', 'pubMeetUrl', 'creator', 'memberCount'])

/** A page's meeting object or its JSON text; null when it cannot be read (spec 03 §1). */
export function meetingReference(value: unknown): CallMeetingRef | null {
  if (value === undefined || value === null) return { id: 0 }
  const given = record(value)
  if (!given) return null
  const id = number(given.ID)
  if (!Number.isSafeInteger(id) || id < 0) return null
  const extra = Object.fromEntries(Object.entries(given).filter(([key]) => !KNOWN.has(key)))
  return { id, password: text(given.pswd), extra }
}

/** The meeting of a call as pages get it (spec 03 §1). */
export const meetingObject = ({ id, password, url, extra, ...rest }: CallMeeting) => ({
  ...extra,
  ID: id,
  pswd: password,
  subject: rest.subject,
  pubMeetUrl: url,
  creator: rest.creator,
  memberCount: rest.memberCount,
})

/** What an invited page gets as `usrExtDat` (spec 03 §6.2). */
export function inviteText(given: string): object {
  if (given === '') return { clientInvite: 1 }
  const own = given.trimStart().startsWith('{') ? record(given) : null
  return own ? { ...own, clientInvite: 1 } : { clientInvite: 1, usrExtDat: given }
}

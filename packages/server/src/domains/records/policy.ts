import { ProtocolError } from '@yuntang/protocol'
import type { Context } from '../../actor/context.ts'
import type { RecordEntry } from '../../storage/port.ts'

/** Somebody who may have recordings on the server. */
export interface Uploader {
  readonly account: string
  readonly userID: string
  readonly nickName: string
  /** Of a guest: what it uploads is seen during this stay only, since anybody may call itself so. */
  readonly seat: string
  /** 0: in none. */
  readonly meeting: number
}

/**
 * Any user who is logged in or in a meeting (spec 06 §9); a guest belongs to the meeting's app account.
 * @throws ProtocolError login.required
 */
export const uploaderOf = ({ user, seat }: Context): Uploader => {
  const meeting = seat?.room.id ?? 0
  if (user) return { ...user, seat: '', meeting }
  if (!seat) throw new ProtocolError('login.required')
  const { room, userID, id } = seat
  const nickName = room.member(userID)?.nickName ?? ''
  return { account: room.account, userID, nickName, seat: id, meeting }
}

/** Its uploader alone; the administrator comes in by another door. */
export const maySee = (record: RecordEntry, who: Uploader): boolean =>
  record.account === who.account && record.owner === who.userID && record.seat === who.seat

/** Whoever has the secret key of an upload; a user's goes on as that user's only. */
export const mayContinue = (record: RecordEntry, who: Uploader): boolean =>
  record.owner === who.userID || record.seat !== ''

/** Only its owner's recording gives way (spec 06 §7, UploadRecordFile2). */
export const mayReplace = (there: RecordEntry | null, mine: RecordEntry | Uploader): boolean => {
  const owner = 'userID' in mine ? mine.userID : mine.owner
  return there === null || (there.owner === owner && there.seat === mine.seat)
}

/** Whether so many more bytes still fit. */
export const fits = (used: number, more: number, limit: number): boolean => used + more <= limit

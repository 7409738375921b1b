import { ProtocolError } from '@yuntang/protocol'
import type { Context } from '../../actor/context.ts'

/** Who tells the server of a recording; `account` is `""` for a guest, `meeting` 0 outside of one. */
export interface Witness {
  readonly account: string
  readonly userID: string
  readonly meeting: number
}

/**
 * Whoever is logged in or sits in a meeting may have stamps.
 * @throws ProtocolError login.required
 */
export const witnessOf = ({ user, seat }: Pick<Context, 'user' | 'seat'>): Witness => {
  const meeting = seat?.room.id ?? 0
  if (user) return { account: user.account, userID: user.userID, meeting }
  if (!seat) throw new ProtocolError('login.required')
  return { account: '', userID: seat.userID, meeting }
}

/** Stamps of one user: the usual are seven a minute for each recording. */
export const STAMPS_PER_MINUTE = 60

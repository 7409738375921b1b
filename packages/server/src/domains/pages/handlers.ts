import { type Handlers, ProtocolError, type pages } from '@yuntang/protocol'
import type { Context, Seat } from '../../actor/context.ts'
import { mayDirect } from './policy.ts'
import type { RoomPages } from './room-pages.ts'

/** The caller's room, if it may direct what all look at. */
const permit = (ctx: Context): Seat => {
  const seat = ctx.seat as Seat
  if (!mayDirect(seat.room.policy, seat.room.owner, seat.userID))
    throw new ProtocolError('permission.denied')
  return seat
}

export const pagesHandlers = (roomPages: RoomPages): Handlers<typeof pages, Context> => ({
  async switch({ main, sub }, ctx) {
    const { room, userID } = permit(ctx)
    await roomPages.commit(room, {
      type: 'switch',
      by: userID,
      main,
      sub: roomPages.subPage(room.id, main, sub),
    })
    return {}
  },

  async setWall({ mode }, ctx) {
    const { room, userID } = permit(ctx)
    await roomPages.commit(room, { type: 'setWall', by: userID, mode })
    return {}
  },

  async setMainVideo({ userID: target }, ctx) {
    const { room, userID } = permit(ctx)
    if (target !== '' && !room.member(target)) throw new ProtocolError('member.unknown')
    await roomPages.commit(room, { type: 'setMainVideo', by: userID, userID: target })
    return {}
  },
})

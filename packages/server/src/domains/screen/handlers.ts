import { type Handlers, ProtocolError, type screen } from '@yuntang/protocol'
import type { Context, Seat } from '../../actor/context.ts'
import { mayGive, mayInput, mayRelease } from './policy.ts'
import type { Screens } from './screens.ts'

const seatOf = (ctx: Context): Seat => ctx.seat as Seat

export const screenHandlers = (screens: Screens): Handlers<typeof screen, Context> => ({
  start({ rect }, ctx) {
    const { room, userID } = seatOf(ctx)
    screens.begin(room, userID, rect)
    return {}
  },

  resize({ rect }, ctx) {
    const { room, userID } = seatOf(ctx)
    screens.commit(room, { type: 'resize', userID, rect })
    return {}
  },

  stop(_params, ctx) {
    const { room, userID } = seatOf(ctx)
    screens.commit(room, { type: 'stop', userID })
    return {}
  },

  give({ userID: target }, ctx) {
    const { room, userID } = seatOf(ctx)
    if (!mayGive(screens.state(room.id), userID)) throw new ProtocolError('permission.denied')
    if (!room.member(target)) throw new ProtocolError('member.unknown')
    screens.commit(room, { type: 'give', by: userID, userID: target })
    return {}
  },

  release(_params, ctx) {
    const { room, userID } = seatOf(ctx)
    if (!mayRelease(screens.state(room.id), userID)) throw new ProtocolError('permission.denied')
    screens.commit(room, { type: 'release', by: userID })
    return {}
  },

  input({ inputs }, ctx) {
    const { room, userID } = seatOf(ctx)
    const share = screens.state(room.id)
    if (!share || !mayInput(share, userID)) throw new ProtocolError('permission.denied')
    room.tell(share.userID, 'screen.input', { by: userID, inputs })
    return {}
  },

  mark(part, ctx) {
    const { room, userID } = seatOf(ctx)
    screens.mark(room, { ...part, userID })
    return {}
  },

  unmark(_params, ctx) {
    const { room, userID } = seatOf(ctx)
    screens.unmark(room, userID)
    return {}
  },

  marks({ after }, ctx) {
    return screens.marks(seatOf(ctx).room.id, after)
  },
})

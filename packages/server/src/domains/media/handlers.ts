import { type Handlers, type media, ProtocolError } from '@yuntang/protocol'
import type { Context, Seat } from '../../actor/context.ts'
import { mayStop } from './policy.ts'
import type { SharedMedia } from './shared-media.ts'

const seatOf = (ctx: Context): Seat => ctx.seat as Seat

export const mediaHandlers = (shared: SharedMedia): Handlers<typeof media, Context> => ({
  start(play, ctx) {
    const { room, userID } = seatOf(ctx)
    shared.commit(room, { type: 'start', play: { ...play, userID } })
    return {}
  },

  move(where, ctx) {
    const { room, userID } = seatOf(ctx)
    shared.commit(room, { type: 'move', userID, ...where })
    return {}
  },

  stop({ reason }, ctx) {
    const { room, userID } = seatOf(ctx)
    const state = shared.state(room.id)
    if (!state) throw new ProtocolError('playing.none')
    if (!mayStop(state, room.policy, room.owner, userID))
      throw new ProtocolError('permission.denied')
    shared.commit(room, { type: 'stop', reason: state.play.userID === userID ? reason : 0 })
    return {}
  },
})

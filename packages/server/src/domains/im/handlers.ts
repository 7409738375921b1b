import type { Handlers, In, im, Requests } from '@yuntang/protocol'
import type { Context, Seat } from '../../actor/context.ts'
import type { Late } from '../../gateway/late.ts'
import type { Chats } from './chats.ts'
import { viewerOf } from './policy.ts'

type ImHandlers = Omit<Handlers<typeof im, Context>, 'send'> & {
  send(params: In<Requests['im.send']>, ctx: Context): Promise<Late<{ seq: number; at: number }>>
}

export const imHandlers = (chats: Chats): ImHandlers => ({
  send(message, ctx) {
    const { room, userID } = ctx.seat as Seat
    return chats.send(room, userID, message)
  },

  history(range, ctx) {
    const seat = ctx.seat as Seat
    return chats.history(seat.room.id, viewerOf(ctx, seat), range)
  },
})

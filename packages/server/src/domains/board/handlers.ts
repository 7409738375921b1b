import { type board, type Handlers, ProtocolError } from '@yuntang/protocol'
import type { Context, Seat } from '../../actor/context.ts'
import type { Boards } from './boards.ts'

const seatOf = (ctx: Context): Seat => ctx.seat as Seat

export const boardHandlers = (boards: Boards): Handlers<typeof board, Context> => ({
  async edit(params, ctx) {
    const done = await boards.edit(seatOf(ctx), params)
    if (!done) throw new ProtocolError('meeting.outside')
    return done
  },

  read: (params, ctx) => boards.read(seatOf(ctx), params),

  point(params, ctx) {
    boards.point(seatOf(ctx), params)
    return {}
  },
})

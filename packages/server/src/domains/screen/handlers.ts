import type { Handlers, screen } from '@yuntang/protocol'
import type { Context, Seat } from '../../actor/context.ts'
import type { Screens } from './screens.ts'

const seatOf = (ctx: Context): Seat => ctx.seat as Seat

export const screenHandlers = (screens: Screens): Handlers<typeof screen, Context> => ({
  start({ rect }, ctx) {
    const { room, userID } = seatOf(ctx)
    screens.commit(room, { type: 'start', userID, rect })
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
})

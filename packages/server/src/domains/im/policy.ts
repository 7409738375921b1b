import type { Context, Seat } from '../../actor/context.ts'
import type { ImViewer } from '../../storage/port.ts'

/**
 * What somebody may read of a meeting's past: what was said to everybody, and private messages from or
 * to itself. A guest's name proves nothing, so a guest reads private ones of its present seat only.
 */
export const viewerOf = (ctx: Context, seat: Seat): ImViewer => ({
  userID: seat.userID,
  privateSince:
    ctx.user?.account === seat.room.account && ctx.user.userID === seat.userID ? 0 : seat.since,
})

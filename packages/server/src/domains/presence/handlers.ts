import { type Handlers, ProtocolError, type presence } from '@yuntang/protocol'
import type { Context } from '../../actor/context.ts'
import type { PresenceBoard } from './board.ts'

const userOf = ({ user }: Context) => {
  if (!user) throw new ProtocolError('login.required')
  return user
}

/** Any logged-in user sees the statuses of its app account and sets its own do-not-disturb (spec 02 §8). */
export const presenceHandlers = (board: PresenceBoard): Handlers<typeof presence, Context> => ({
  setDnd({ value }, ctx) {
    board.setDnd(userOf(ctx), value)
    return {}
  },
  list: ({ after = 0 }, ctx) => board.list(userOf(ctx).account, after),
  watch(_params, ctx) {
    board.watch(userOf(ctx), ctx)
    return {}
  },
  unwatch(_params, ctx) {
    board.unwatch(userOf(ctx))
    return {}
  },
})

import {
  type Handlers,
  LIMITS,
  ProtocolError,
  type QueueStatus,
  type queues,
  type SessionInfo,
} from '@yuntang/protocol'
import type { UserKey } from '../../actor/activity.ts'
import type { Context, User } from '../../actor/context.ts'
import type { Calls } from '../../actor/engagements.ts'
import type { Clock } from '../../core/clock.ts'
import type { Desk } from './desk.ts'
import type { Desks } from './desks.ts'
import type { Customer } from './model.ts'
import { infoOf, inOrder, offerOf, queuingOf, servingOf, statusOf } from './views.ts'

export interface QueuesDeps {
  readonly clock: Clock
  readonly desks: Desks
  readonly calls: Pick<Calls, 'current'>
}

const sessionOf = ({ calls, clock }: QueuesDeps, user: UserKey): SessionInfo | undefined => {
  const call = calls.current(user)
  if (!call) return undefined
  const { callID, peerID, peerName, acceptedAt, meetingID, meetingPassword } = call
  return {
    callID,
    peerID,
    peerName,
    ...(acceptedAt !== null && { talking: Math.max(0, clock.now() - acceptedAt) }),
    ...(meetingID > 0 && { meeting: { id: meetingID, password: meetingPassword } }),
  }
}

/** Requests of the queues domain (spec 05 §3–5). A turn is never interrupted, so answers are exact. */
export const queuesHandlers = (deps: QueuesDeps): Handlers<typeof queues, Context> => {
  const { clock, desks } = deps
  const open = (ctx: Context): { desk: Desk; user: User; userID: string } => {
    const user = ctx.user as User
    return { desk: desks.of(user.account), user, userID: user.userID }
  }
  const status = (desk: Desk, id: number): QueueStatus => {
    const queue = desk.state.queues.get(id)
    return queue ? statusOf(queue) : { queue: id, agents: 0, waiting: 0, served: 0 }
  }
  const assignedTo = (desk: Desk, agent: string) => {
    const c = desk.state.customers.get(desk.state.users.get(agent)?.customer ?? '')
    return c && c.queue !== null ? { queue: c.queue, userID: c.userID } : undefined
  }
  const statuses = (desk: Desk) => inOrder(desk.state).map(statusOf)

  return {
    init(_params, ctx) {
      const { desk, user, userID } = open(ctx)
      desk.run({ type: 'resumeServices', userID })
      const session = sessionOf(deps, user)
      const assigned = assignedTo(desk, userID)
      return {
        queues: inOrder(desk.state).map(infoOf),
        statuses: statuses(desk),
        queuing: queuingOf(desk.state, userID, clock.now()),
        serving: servingOf(desk.state, userID),
        ...(session && { session }),
        ...(assigned && { assigned }),
      }
    },

    statuses(_params, ctx) {
      return { statuses: statuses(open(ctx).desk) }
    },

    join({ queue, text }, ctx) {
      const { desk, userID } = open(ctx)
      if (Buffer.byteLength(text) > LIMITS.freeTextBytes) throw new ProtocolError('param.invalid')
      desk.run({ type: 'join', userID, queue, text, now: clock.now() })
      return { queuing: queuingOf(desk.state, userID, clock.now()), status: status(desk, queue) }
    },

    leave(_params, ctx) {
      const { desk, userID } = open(ctx)
      desk.run({ type: 'leave', userID })
      return { queuing: queuingOf(desk.state, userID, clock.now()) }
    },

    serve({ queue }, ctx) {
      const { desk, userID } = open(ctx)
      desk.run({ type: 'serve', userID, queue })
      return { serving: servingOf(desk.state, userID), status: status(desk, queue) }
    },

    stopServing({ queue }, ctx) {
      const { desk, userID } = open(ctx)
      desk.run({ type: 'stopServing', userID, queue, now: clock.now() })
      return { serving: servingOf(desk.state, userID), status: status(desk, queue) }
    },

    next(_params, ctx) {
      const { desk, userID } = open(ctx)
      desk.run({ type: 'next', userID, now: clock.now() })
      const customer = desk.state.users.get(userID)?.customer ?? ''
      return offerOf(desk.state, desk.state.customers.get(customer) as Customer, clock.now())
    },

    accept({ queue, userID: customer }, ctx) {
      const { desk, userID } = open(ctx)
      desk.run({ type: 'accept', userID, queue, customer, now: clock.now() })
      const until = desk.state.customers.get(customer)?.until ?? clock.now()
      return { callIn: Math.max(0, until - clock.now()) }
    },

    reject({ queue, userID: customer }, ctx) {
      const { desk, userID } = open(ctx)
      desk.run({ type: 'reject', userID, queue, customer, now: clock.now() })
      return {}
    },
  }
}

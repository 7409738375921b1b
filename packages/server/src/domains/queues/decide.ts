import type { OfflineCause } from '../../actor/activity.ts'
import { nextAssignment } from './assign.ts'
import {
  accept,
  next,
  offer,
  openOffer,
  reject,
  resumeServices,
  serve,
  stopServing,
} from './decide-agent.ts'
import { callFacts } from './decide-call.ts'
import { type Decision, facts, join, leave, left, outside, returned } from './decide-customer.ts'
import type { Command, Fact } from './facts.ts'
import type { Customer, QueuesState } from './model.ts'

export type { Decision } from './decide-customer.ts'

const AWAY = { online: false, alive: false, dnd: false, inMeeting: false } as const
const BACK = { online: true, dnd: false, inMeeting: false } as const

const online = (
  state: QueuesState,
  { userID, name, alive }: { userID: string; name: string; alive: boolean },
): Decision => {
  const back: Fact = { type: 'user', userID, change: { ...BACK, name, alive } }
  const kept = state.users.get(userID)?.suspended.size ?? 0
  return kept > 0 ? facts(back, { type: 'suspensionHeld', userID }) : facts(back)
}

/** The login is over: the place is given up, an accepted call and services may be kept (05 §8). */
const offline = (state: QueuesState, userID: string, how: OfflineCause, now: number): Decision => {
  const user = state.users.get(userID)
  if (!user) return facts()
  const list: Fact[] = [{ type: 'user', userID, change: AWAY }]
  const own = state.customers.get(userID)
  if (own && own.stage !== 'session') list.push(left(own, 'gone'))
  const c = user.customer === null ? undefined : state.customers.get(user.customer)
  if (c && c.stage !== 'session') list.push(returned(state, c, 'agentGone', now))
  if (user.serving.size + user.suspended.size > 0)
    list.push(
      how === 'logout'
        ? { type: 'servicesEnded', userID }
        : { type: 'suspended', userID, until: now + state.times.session },
    )
  return { facts: list }
}

const link = (state: QueuesState, userID: string, alive: boolean, now: number): Decision => {
  const user = state.users.get(userID)
  if (!user?.online) return facts()
  const list: Fact[] = [{ type: 'user', userID, change: { alive } }]
  if (alive) return { facts: list }
  const own = state.customers.get(userID)
  if (own && own.call === null && (own.stage === 'offered' || own.stage === 'accepted'))
    list.push(returned(state, own, 'customerLost', now))
  const offered = openOffer(state, user)
  if (offered) list.push(returned(state, offered, 'agentLost', now))
  return { facts: list }
}

/** Deleting acts at once; who talks already talks on, outside any queue. */
const remove = (state: QueuesState, id: number): Decision => {
  const queue = state.queues.get(id)
  if (!queue) return facts()
  const list: Fact[] = []
  for (const userID of queue.customers) {
    const c = state.customers.get(userID) as Customer
    list.push(
      c.stage === 'session'
        ? outside(c, c.call ?? '', c.servedAt ?? c.joinedAt)
        : left(c, 'queueDeleted'),
    )
  }
  for (const userID of queue.agents) list.push({ type: 'stoppedServing', userID, queue: id })
  return { facts: [...list, { type: 'deleted', queue: id, agents: [...queue.agents] }] }
}

const elapse = (state: QueuesState, now: number): Decision => {
  const due = state.deadlines.first
  if (!due || due.at > now) return facts()
  const elapsed: Fact = { type: 'elapsed' }
  const c = state.customers.get(due.userID)
  switch (due.kind) {
    case 'offer':
      return c?.stage === 'offered' && c.until === due.at
        ? facts(elapsed, returned(state, c, 'unanswered', now))
        : facts(elapsed)
    case 'engage':
      return c?.stage === 'accepted' && c.until === due.at
        ? facts(elapsed, returned(state, c, 'notCalled', now))
        : facts(elapsed)
    case 'cooldown':
      return c?.cooling.get(due.agent ?? '') === due.at
        ? facts(elapsed, { type: 'cooled', userID: c.userID, agent: due.agent ?? '' })
        : facts(elapsed)
    case 'wait': {
      const limit = state.queues.get(c?.queue ?? -1)?.definition.maxWaitMs ?? 0
      const over = c?.stage === 'waiting' && limit > 0 && c.joinedAt + limit <= now
      return over ? facts(elapsed, left(c, 'waitedTooLong')) : facts(elapsed)
    }
    case 'suspension':
      return state.users.get(due.userID)?.suspendedUntil === due.at
        ? facts(elapsed, { type: 'servicesEnded', userID: due.userID })
        : facts(elapsed)
  }
}

const assign = (state: QueuesState, now: number): Decision => {
  const pair = nextAssignment(state)
  return pair ? facts(offer(state, pair.agent, pair.customer, now)) : facts()
}

/** The facts that a command leads to, or the error that it gets; changes nothing. */
export const decide = (state: QueuesState, c: Command): Decision => {
  switch (c.type) {
    case 'define':
      return facts({ type: 'defined', definition: c.definition })
    case 'delete':
      return remove(state, c.queue)
    case 'online':
      return online(state, c)
    case 'offline':
      return offline(state, c.userID, c.how, c.now)
    case 'link':
      return link(state, c.userID, c.alive, c.now)
    case 'meeting':
      return facts({ type: 'user', userID: c.userID, change: { inMeeting: c.inside } })
    case 'dnd':
      return facts({ type: 'user', userID: c.userID, change: { dnd: c.on } })
    case 'call':
      return { facts: callFacts(state, c.call, c.now) }
    case 'join':
      return join(state, c)
    case 'leave':
      return leave(state, c.userID)
    case 'serve':
      return serve(state, c.userID, c.queue)
    case 'stopServing':
      return stopServing(state, c.userID, c.queue, c.now)
    case 'resumeServices':
      return resumeServices(state, c.userID)
    case 'next':
      return next(state, c.userID, c.now)
    case 'accept':
      return accept(state, c)
    case 'reject':
      return reject(state, c)
    case 'assign':
      return assign(state, c.now)
    case 'elapse':
      return elapse(state, c.now)
  }
}

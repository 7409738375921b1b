import { pickCustomer } from './assign.ts'
import { type Decision, facts, refused, returned } from './decide-customer.ts'
import type { Fact } from './facts.ts'
import type { Customer, QueuesState, User } from './model.ts'
import { mayServe } from './policy.ts'

const offered = (
  state: QueuesState,
  agent: User,
  c: Customer,
  asked: boolean,
  now: number,
): Fact => ({
  type: 'offered',
  userID: c.userID,
  queue: c.queue ?? 0,
  agent: agent.userID,
  asked,
  until: now + state.times.assign,
})

/** The customer this agent has, when its offer is unanswered and not being called. */
const openOffer = (state: QueuesState, agent: User): Customer | null => {
  const c = agent.customer === null ? undefined : state.customers.get(agent.customer)
  return c?.stage === 'offered' && c.call === null ? c : null
}

/** Spec 05 §5, `StartService`. */
export const serve = (state: QueuesState, userID: string, queueID: number): Decision => {
  const queue = state.queues.get(queueID)
  if (!queue || !mayServe(queue.definition, userID)) return refused('queue.unknown')
  const place = state.customers.get(userID)
  if (place && place.stage !== 'session') return refused('queue.elsewhere')
  if (queue.agents.has(userID)) return facts()
  return facts({ type: 'serving', userID, queue: queueID })
}

/** Spec 05 §5, `StopService`. */
export const stopServing = (
  state: QueuesState,
  userID: string,
  queueID: number,
  now: number,
): Decision => {
  const queue = state.queues.get(queueID)
  const agent = state.users.get(userID)
  if (!queue) return refused('queue.unknown')
  if (!agent?.serving.has(queueID)) return refused('queue.not-serving')
  const offer = openOffer(state, agent)
  const stopped: Fact = { type: 'stoppedServing', userID, queue: queueID }
  return offer?.queue === queueID
    ? facts(stopped, returned(state, offer, 'serviceStopped', now))
    : facts(stopped)
}

/** Services that were suspended come back, unless the user waits as a customer (spec 05 §8). */
export const resumeServices = (state: QueuesState, userID: string): Decision => {
  const agent = state.users.get(userID)
  const place = state.customers.get(userID)
  if (!agent || agent.suspended.size === 0 || (place && place.stage !== 'session')) return facts()
  const queues = [...agent.suspended].filter((id) => {
    const queue = state.queues.get(id)
    return queue !== undefined && mayServe(queue.definition, userID)
  })
  return facts({ type: 'resumed', userID, queues })
}

/** Spec 05 §5, `ReqAssignUser`: also somebody who cools down. */
export const next = (state: QueuesState, userID: string, now: number): Decision => {
  const agent = state.users.get(userID)
  if (!agent || agent.serving.size === 0) return refused('queue.not-serving')
  if (agent.call || agent.customer !== null) return refused('queue.busy')
  const customer = pickCustomer(state, agent, false)
  return customer ? facts(offered(state, agent, customer, true, now)) : refused('queue.nobody')
}

/** The offer that an answer names, or why there is none. */
const answered = (
  state: QueuesState,
  p: { userID: string; queue: number; customer: string },
): Customer | 'queue.unknown' | 'queue.gone' => {
  if (!state.queues.has(p.queue)) return 'queue.unknown'
  const c = state.customers.get(p.customer)
  if (!c || c.agent !== p.userID) return 'queue.gone'
  return c.queue === p.queue ? c : 'queue.unknown'
}

type Answer = { userID: string; queue: number; customer: string; now: number }

/** Spec 05 §5, `AcceptAssignUser`; repeating it changes nothing. */
export const accept = (state: QueuesState, p: Answer): Decision => {
  const c = answered(state, p)
  if (typeof c === 'string') return refused(c)
  if (c.stage !== 'offered') return facts()
  const until = c.call === null ? p.now + state.times.engage : null
  return facts({ type: 'accepted', userID: c.userID, agent: p.userID, at: p.now, until })
}

/** Spec 05 §5, `RejectAssignUser`. */
export const reject = (state: QueuesState, p: Answer): Decision => {
  const c = answered(state, p)
  if (typeof c === 'string') return refused(c)
  if (c.stage !== 'offered') return refused('queue.gone')
  return facts(returned(state, c, 'rejected', p.now))
}

/** Brings one agent and one customer together by the server's choice. */
export const offer = (state: QueuesState, agent: User, c: Customer, now: number): Fact =>
  offered(state, agent, c, false, now)

export { openOffer }

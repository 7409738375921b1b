import type { Offer, QueueInfo, QueueStatus, Queuing } from '@yuntang/protocol'
import type { Customer, Queue, QueuesState } from './model.ts'

export const infoOf = ({ definition: d }: Queue): QueueInfo => ({
  id: d.id,
  name: d.name,
  desc: d.desc,
  priority: d.priority,
})

export const statusOf = (queue: Queue): QueueStatus => ({
  queue: queue.definition.id,
  agents: queue.agents.size,
  waiting: queue.waiting.size,
  served: queue.served,
})

/** Customers who are offered to an agent now. */
export const offeredIn = (queue: Queue): number =>
  queue.customers.size - queue.waiting.size - queue.served

const placeOf = (state: QueuesState, c: Customer): number =>
  c.stage === 'waiting' ? (state.queues.get(c.queue ?? -1)?.waiting.rank(c.order) ?? 0) : 0

/** A customer's own place: in a queue, in a session (−2) or nowhere (−1); spec 05 §3. */
export const queuingOf = (state: QueuesState, userID: string, now: number): Queuing => {
  const c = state.customers.get(userID)
  if (!c) return { queue: -1, position: 0, waited: 0 }
  if (c.stage === 'accepted' || c.stage === 'session' || c.queue === null)
    return { queue: -2, position: 0, waited: Math.max(0, (c.servedAt ?? now) - c.joinedAt) }
  return {
    queue: c.queue,
    position: placeOf(state, c),
    waited: Math.max(0, now - c.joinedAt),
  }
}

export const offerOf = (state: QueuesState, c: Customer, now: number): Offer => ({
  queue: c.queue ?? 0,
  userID: c.userID,
  name: state.users.get(c.userID)?.name ?? '',
  text: c.text,
  waited: Math.max(0, now - c.joinedAt),
  answerIn: Math.max(0, (c.until ?? now) - now),
})

/** By priority, then by ID (spec 05 §3). */
export const inOrder = (state: QueuesState): Queue[] =>
  [...state.queues.values()].sort(
    (a, b) => a.definition.priority - b.definition.priority || a.definition.id - b.definition.id,
  )

export const servingOf = (state: QueuesState, userID: string): number[] =>
  [...(state.users.get(userID)?.serving ?? [])].sort((a, b) => a - b)

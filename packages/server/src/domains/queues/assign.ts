import type { Customer, Queue, QueuesState, User } from './model.ts'

/** The longest waiting customer of a queue whom this agent may get. */
const firstFor = (queue: Queue, agent: string, cooling: boolean): Customer | null => {
  for (const customer of queue.ready) if (!cooling || !customer.cooling.has(agent)) return customer
  return null
}

/**
 * Rules 1–3 of spec 05 §1.1: of the queues that the agent serves those of the smallest priority
 * number with somebody ready, and of them the customer who has waited longest.
 * `cooling` false lets the agent have one whom it declined a moment ago.
 */
export const pickCustomer = (
  state: QueuesState,
  agent: User,
  cooling: boolean,
): Customer | null => {
  let best: Customer | null = null
  let bestPriority = Number.POSITIVE_INFINITY
  for (const id of agent.serving) {
    const queue = state.queues.get(id)
    if (!queue || queue.ready.size === 0) continue
    const { priority } = queue.definition
    if (priority > bestPriority) continue
    const customer = firstFor(queue, agent.userID, cooling)
    if (!customer) continue
    if (priority < bestPriority || !best || customer.order < best.order) {
      best = customer
      bestPriority = priority
    }
  }
  return best
}

/** Rule 4: of the agents who can get somebody of the stirred queues the one free for the longest time. */
export const nextAssignment = (
  state: QueuesState,
): { readonly agent: User; readonly customer: Customer } | null => {
  let chosen: User | null = null
  for (const id of state.stirred) {
    const queue = state.queues.get(id)
    if (!queue || queue.ready.size === 0) continue
    for (const agent of queue.free) {
      if (chosen && (chosen.free ?? 0) <= (agent.free ?? 0)) break
      if (!firstFor(queue, agent.userID, true)) continue
      chosen = agent
      break
    }
  }
  const customer = chosen && pickCustomer(state, chosen, true)
  return chosen && customer ? { agent: chosen, customer } : null
}

import type { Customer, QueueDefinition, QueuesState, User } from './model.ts'

/** Any user of the account, unless the queue lists its agents (spec 05 §10). */
export const mayServe = (definition: QueueDefinition, userID: string): boolean =>
  definition.agents === null || definition.agents.includes(userID)

/** Eligible for automatic assignment (spec 05 §1.1). */
export const isFree = (user: User): boolean =>
  user.serving.size > 0 &&
  user.online &&
  user.alive &&
  !user.dnd &&
  !user.inMeeting &&
  user.call === null &&
  user.customer === null

/** A waiting customer who can be offered now (spec 05 §1.1 rule 3). */
export const isReady = (state: QueuesState, customer: Customer): boolean => {
  const user = state.users.get(customer.userID)
  return (
    customer.stage === 'waiting' && user !== undefined && user.online && user.alive && !user.call
  )
}

/** True when the customer is offered to or accepted by the agent, or talks with it. */
export const arePaired = (state: QueuesState, agent: string, customer: string): boolean =>
  state.users.get(agent)?.customer === customer && state.customers.get(customer)?.agent === agent

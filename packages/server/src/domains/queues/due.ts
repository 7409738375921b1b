import type { Deadline } from './deadlines.ts'
import type { Customer, QueuesState } from './model.ts'

/** Null when the customer may wait for ever. */
const waitEnd = (state: QueuesState, c: Customer): number | null => {
  const limit = state.queues.get(c.queue ?? -1)?.definition.maxWaitMs ?? 0
  return limit > 0 ? c.joinedAt + limit : null
}

/** Whether something will come of it, as things are now. */
const isLive = (state: QueuesState, { kind, at, userID, agent }: Deadline): boolean => {
  if (kind === 'suspension') return state.users.get(userID)?.suspendedUntil === at
  const c = state.customers.get(userID)
  if (!c) return false
  if (kind === 'cooldown') return c.cooling.get(agent ?? '') === at
  return (kind === 'wait' ? waitEnd(state, c) : c.until) === at
}

export const addDeadline = (state: QueuesState, deadline: Deadline): void =>
  state.deadlines.add(deadline, (other) => isLive(state, other))

/** After this the customer is removed, unless somebody has it then. */
export const addWaitDeadline = (state: QueuesState, c: Customer): void => {
  const at = waitEnd(state, c)
  if (at !== null) addDeadline(state, { kind: 'wait', at, userID: c.userID })
}

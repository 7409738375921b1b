import { addDeadline, addWaitDeadline } from './due.ts'
import type { Fact } from './facts.ts'
import { type Customer, emptyQueue, type QueuesState, type User } from './model.ts'
import { isFree, isReady } from './policy.ts'

const userOf = (state: QueuesState, userID: string): User => {
  const known = state.users.get(userID)
  if (known) return known
  const made: User = {
    userID,
    name: '',
    online: false,
    alive: false,
    dnd: false,
    inMeeting: false,
    call: null,
    serving: new Set(),
    suspended: new Set(),
    suspendedUntil: null,
    customer: null,
    free: null,
  }
  state.users.set(userID, made)
  return made
}

/** Takes a user out of every ordered list, before something changes that the lists depend on. */
const unlist = (state: QueuesState, userID: string): void => {
  const user = state.users.get(userID)
  if (user && user.free !== null)
    for (const id of user.serving) state.queues.get(id)?.free.remove(user)
  const c = state.customers.get(userID)
  const queue = c?.stage === 'waiting' ? state.queues.get(c.queue ?? -1) : undefined
  if (!c || !queue) return
  state.touched.add(queue.definition.id)
  queue.waiting.remove(c)
  queue.ready.remove(c)
}

const listCustomer = (state: QueuesState, c: Customer): void => {
  const queue = c.stage === 'waiting' ? state.queues.get(c.queue ?? -1) : undefined
  if (!queue) return
  state.touched.add(queue.definition.id)
  queue.waiting.add(c)
  if (!isReady(state, c)) return
  queue.ready.add(c)
  if (queue.free.size > 0) state.stirred.add(queue.definition.id)
}

const listAgent = (state: QueuesState, user: User): void => {
  if (!isFree(user)) {
    user.free = null
    return
  }
  user.free ??= state.nextFree++
  for (const id of user.serving) {
    const queue = state.queues.get(id)
    queue?.free.add(user)
    if (queue && queue.ready.size > 0) state.stirred.add(id)
  }
}

/** A user of whom nothing needs to be known is forgotten. */
const tidy = (state: QueuesState, userID: string): void => {
  const user = state.users.get(userID)
  if (!user || user.online || user.call || user.customer !== null) return
  if (user.serving.size + user.suspended.size > 0 || state.customers.has(userID)) return
  state.users.delete(userID)
}

/** Changes something about these users and keeps the lists in step with it. */
const around = (state: QueuesState, ids: readonly (string | null)[], change: () => void): void => {
  for (const id of ids) if (id !== null) unlist(state, id)
  change()
  for (const id of ids) {
    if (id === null) continue
    const c = state.customers.get(id)
    if (c) listCustomer(state, c)
    const user = state.users.get(id)
    if (user) listAgent(state, user)
    tidy(state, id)
  }
}

const isServed = (c: Customer) => c.stage === 'accepted' || c.stage === 'session'

const setStage = (state: QueuesState, c: Customer, stage: Customer['stage']): void => {
  const queue = state.queues.get(c.queue ?? -1)
  if (queue && isServed(c)) queue.served--
  c.stage = stage
  if (queue && isServed(c)) queue.served++
  if (queue) state.touched.add(queue.definition.id)
}

/** The agent loses the customer. */
const unpair = (state: QueuesState, c: Customer): void => {
  const agent = c.agent === null ? undefined : state.users.get(c.agent)
  if (agent?.customer === c.userID) agent.customer = null
  c.agent = null
  c.until = null
}

const leaveQueue = (state: QueuesState, c: Customer): void => {
  const queue = state.queues.get(c.queue ?? -1)
  if (queue && isServed(c)) queue.served--
  queue?.customers.delete(c.userID)
  if (queue) state.touched.add(queue.definition.id)
  c.queue = null
}

const startService = (state: QueuesState, user: User, id: number): void => {
  user.serving.add(id)
  state.queues.get(id)?.agents.add(user.userID)
  state.touched.add(id)
}

const endService = (state: QueuesState, user: User, id: number): void => {
  user.serving.delete(id)
  state.queues.get(id)?.agents.delete(user.userID)
  state.touched.add(id)
}

const applyToCustomer = (state: QueuesState, f: CustomerFact): void => {
  const c = state.customers.get(f.userID)
  if (!c) return
  switch (f.type) {
    case 'textReplaced':
      c.text = f.text
      break
    case 'left':
      around(state, [f.userID, f.agent], () => {
        unpair(state, c)
        leaveQueue(state, c)
        state.customers.delete(f.userID)
      })
      break
    case 'offered':
      around(state, [f.userID, f.agent], () => {
        setStage(state, c, 'offered')
        c.agent = f.agent
        c.until = f.until
        userOf(state, f.agent).customer = f.userID
      })
      addDeadline(state, { kind: 'offer', at: f.until, userID: f.userID })
      break
    case 'returned':
      around(state, [f.userID, f.agent], () => {
        unpair(state, c)
        setStage(state, c, 'waiting')
        c.call = null
        c.servedAt = null
        if (f.coolUntil !== null) c.cooling.set(f.agent, f.coolUntil)
      })
      if (f.coolUntil !== null)
        addDeadline(state, {
          kind: 'cooldown',
          at: f.coolUntil,
          userID: f.userID,
          agent: f.agent,
        })
      addWaitDeadline(state, c)
      break
    case 'accepted':
      setStage(state, c, 'accepted')
      c.servedAt = f.at
      c.until = f.until
      if (f.until !== null) addDeadline(state, { kind: 'engage', at: f.until, userID: f.userID })
      break
    case 'rung':
      c.call = f.callID
      c.until = null
      break
    case 'talking':
      setStage(state, c, 'session')
      c.call = f.callID
      c.until = null
      c.servedAt ??= f.at
      break
    case 'outside':
      around(state, [f.userID, f.agent], () => {
        unpair(state, c)
        leaveQueue(state, c)
        c.stage = 'session'
        c.call = f.callID
        c.servedAt ??= f.at
      })
      break
    case 'cooled':
      c.cooling.delete(f.agent)
      if (c.queue !== null) state.stirred.add(c.queue)
      break
  }
}

type CustomerFact = Extract<
  Fact,
  {
    type:
      | 'textReplaced'
      | 'left'
      | 'offered'
      | 'returned'
      | 'accepted'
      | 'rung'
      | 'talking'
      | 'outside'
      | 'cooled'
  }
>

/** Makes the state that holds after a fact, in place. */
export const apply = (state: QueuesState, f: Fact): void => {
  switch (f.type) {
    case 'defined': {
      const { id } = f.definition
      const known = state.queues.get(id)
      if (!known) {
        state.queues.set(id, emptyQueue(f.definition))
        break
      }
      const before = known.definition.maxWaitMs
      known.definition = f.definition
      if (before === f.definition.maxWaitMs) break
      for (const userID of known.customers) {
        const c = state.customers.get(userID)
        if (c) addWaitDeadline(state, c)
      }
      break
    }
    case 'deleted':
      state.queues.delete(f.queue)
      state.stirred.delete(f.queue)
      state.touched.delete(f.queue)
      break
    case 'user':
      around(state, [f.userID], () => Object.assign(userOf(state, f.userID), f.change))
      break
    case 'joined':
      around(state, [f.userID], () => {
        const c: Customer = {
          userID: f.userID,
          queue: f.queue,
          order: state.nextOrder++,
          joinedAt: f.at,
          text: f.text,
          stage: 'waiting',
          agent: null,
          call: null,
          until: null,
          servedAt: null,
          cooling: new Map(),
        }
        state.customers.set(f.userID, c)
        state.queues.get(f.queue)?.customers.add(f.userID)
        addWaitDeadline(state, c)
      })
      break
    case 'serving':
      around(state, [f.userID], () => {
        startService(state, userOf(state, f.userID), f.queue)
      })
      break
    case 'stoppedServing':
      around(state, [f.userID], () => {
        endService(state, userOf(state, f.userID), f.queue)
      })
      break
    case 'suspended':
    case 'servicesEnded':
    case 'resumed':
      around(state, [f.userID], () => applyToServices(state, f))
      if (f.type === 'suspended')
        addDeadline(state, { kind: 'suspension', at: f.until, userID: f.userID })
      break
    case 'suspensionHeld':
      userOf(state, f.userID).suspendedUntil = null
      break
    case 'elapsed':
      state.deadlines.removeFirst()
      break
    case 'settled':
      state.stirred.clear()
      state.touched.clear()
      break
    default:
      applyToCustomer(state, f)
  }
}

const applyToServices = (
  state: QueuesState,
  f: Extract<Fact, { type: 'suspended' | 'servicesEnded' | 'resumed' }>,
): void => {
  const user = userOf(state, f.userID)
  user.suspendedUntil = f.type === 'suspended' ? f.until : null
  if (f.type === 'resumed') {
    user.suspended.clear()
    for (const id of f.queues) {
      startService(state, user, id)
    }
    return
  }
  for (const id of [...user.serving]) {
    endService(state, user, id)
    if (f.type === 'suspended') user.suspended.add(id)
  }
  if (f.type === 'servicesEnded') user.suspended.clear()
}

import type { ErrorCode } from '@yuntang/protocol'
import type { Fact, LeaveCause, ReturnCause } from './facts.ts'
import type { Customer, QueuesState } from './model.ts'

export type Decision = { readonly facts: readonly Fact[] } | { readonly error: ErrorCode }

export const facts = (...list: readonly Fact[]): Decision => ({ facts: list })
export const refused = (error: ErrorCode): Decision => ({ error })

/** The customer has no place any more. */
export const left = (c: Customer, why: LeaveCause): Fact => ({
  type: 'left',
  userID: c.userID,
  queue: c.queue,
  agent: c.agent,
  why,
})

/** Declining, in whichever way, keeps this agent from getting the same customer again at once. */
const COOLING: ReadonlySet<ReturnCause> = new Set(['rejected', 'unanswered', 'notCalled', 'hungUp'])

/** Back to the head of the queue, with the original join time. */
export const returned = (state: QueuesState, c: Customer, why: ReturnCause, now: number): Fact => ({
  type: 'returned',
  userID: c.userID,
  queue: c.queue ?? 0,
  agent: c.agent ?? '',
  why,
  shown: c.stage === 'accepted',
  coolUntil: COOLING.has(why) ? now + state.times.cooldown : null,
})

/** A session takes the customer out of its queue, whatever its stage. */
export const outside = (c: Customer, callID: string, now: number): Fact => ({
  type: 'outside',
  userID: c.userID,
  queue: c.queue ?? 0,
  callID,
  agent: c.agent,
  at: now,
  shown: c.stage === 'accepted' || c.stage === 'session',
  talked: c.stage === 'session',
})

/** Spec 05 §4, `StartQueuing`. */
export const join = (
  state: QueuesState,
  p: { userID: string; queue: number; text: string; now: number },
): Decision => {
  const queue = state.queues.get(p.queue)
  const user = state.users.get(p.userID)
  const known = state.customers.get(p.userID)
  const place = known && known.stage !== 'session' ? known : null
  if (!queue) return refused('queue.unknown')
  if (place && place.queue !== p.queue) return refused('queue.elsewhere')
  if (user && user.serving.size > 0) return refused('queue.elsewhere')
  if (user?.call || (known && !place)) return refused('queue.busy')
  if (place) return facts({ type: 'textReplaced', userID: p.userID, text: p.text })
  const { maxWaiting } = queue.definition
  if (maxWaiting > 0 && queue.waiting.size >= maxWaiting) return refused('queue.full')
  return facts({ type: 'joined', userID: p.userID, queue: p.queue, text: p.text, at: p.now })
}

/** Spec 05 §4, `StopQueuing`; while a call rings or a session runs it changes nothing. */
export const leave = (state: QueuesState, userID: string): Decision => {
  const c = state.customers.get(userID)
  return !c || c.stage === 'session' || c.call !== null ? facts() : facts(left(c, 'stopped'))
}

import type { CallActivity } from '../../actor/activity.ts'
import { left, outside, returned } from './decide-customer.ts'
import type { Fact } from './facts.ts'
import type { Customer, QueuesState } from './model.ts'
import { arePaired } from './policy.ts'

/** Who is part of it: an inviter is not (spec 03 §4.1). */
const parties = (call: CallActivity): readonly string[] =>
  call.kind === 'call' ? [call.caller, call.called] : [call.called]

const rings = (state: QueuesState, call: CallActivity): Fact[] => {
  const list: Fact[] = parties(call).map((userID) => ({
    type: 'user',
    userID,
    change: { call: { id: call.callID, accepted: false } },
  }))
  const c = state.customers.get(call.called)
  if (call.kind === 'call' && c && arePaired(state, call.caller, call.called))
    list.push({ type: 'rung', userID: call.called, callID: call.callID })
  return list
}

const accepted = (state: QueuesState, call: CallActivity, now: number): Fact[] => {
  const { callID } = call
  const list: Fact[] = []
  for (const userID of parties(call)) {
    list.push({ type: 'user', userID, change: { call: { id: callID, accepted: true } } })
    const c = state.customers.get(userID)
    if (!c || c.stage === 'session') continue
    const other = userID === call.caller ? call.called : call.caller
    if (call.kind === 'call' && c.agent === other)
      list.push({ type: 'talking', userID, callID, at: now, shown: c.stage === 'accepted' })
    else list.push(outside(c, callID, now))
  }
  return list
}

/** What becomes of a customer whose agent's call did not get through. */
const unreached = (state: QueuesState, c: Customer, call: CallActivity, now: number): Fact => {
  if (call.end === 'refused' || call.end === 'unanswered') return left(c, 'refused')
  if (call.end === 'meetingEnded') return returned(state, c, 'meetingEnded', now)
  const byCustomer =
    call.by === c.userID || (call.by === undefined && !state.users.get(c.userID)?.online)
  if (byCustomer) return left(c, call.end === 'lost' ? 'gone' : 'refused')
  return returned(state, c, call.end === 'lost' ? 'agentGone' : 'hungUp', now)
}

const ended = (state: QueuesState, call: CallActivity, now: number): Fact[] => {
  const list: Fact[] = []
  const customers: Fact[] = []
  for (const userID of [call.caller, call.called]) {
    if (state.users.get(userID)?.call?.id === call.callID)
      list.push({ type: 'user', userID, change: { call: null } })
    const c = state.customers.get(userID)
    if (c?.call !== call.callID) continue
    customers.push(c.stage === 'session' ? left(c, 'callEnded') : unreached(state, c, call, now))
  }
  return [...list, ...customers]
}

/** What a call means for the queues (spec 05 §2.1). */
export const callFacts = (state: QueuesState, call: CallActivity, now: number): Fact[] => {
  if (call.stage === 'ringing') return rings(state, call)
  return call.stage === 'accepted' ? accepted(state, call, now) : ended(state, call, now)
}

import type { CallEnd } from '@yuntang/protocol'
import type { CallActivity } from '../../actor/activity.ts'
import { type CallFact, type CallsState, type LiveCall, partiesOf } from './state.ts'

/** What one user is told of a fact. */
export type Notice = { readonly to: string } & (
  | { event: 'calls.incoming'; call: LiveCall & { stage: 'ringing' } }
  | { event: 'calls.accepted'; call: LiveCall; ext: string }
  | { event: 'calls.rejected' | 'calls.hungUp'; callID: string; end: CallEnd; ext: string }
  | {
      event: 'calls.inviteStatus'
      callID: string
      family: NonNullable<LiveCall['family']>
      status: 1 | 2 | 3 | 4
    }
)

type Ended = CallFact & { type: 'ended' }

/** Spec 03 §6.3, the column of the inviter; null where it is told nothing. */
const inviteStatus = (call: LiveCall, { end, by }: Ended): 2 | 3 | 4 | null => {
  if (end === 'cancelled' || (by === call.caller && by !== call.called)) return null
  if (call.stage === 'accepted' || end === 'meetingEnded') return 4
  return end === 'refused' ? 2 : 3
}

const ended = (call: LiveCall, fact: Ended): Notice[] => {
  const { id: callID, end, by, ext } = fact
  const notices: Notice[] = []
  if (call.family) {
    const status = inviteStatus(call, fact)
    if (status) {
      const { family } = call
      notices.push({ to: call.caller, event: 'calls.inviteStatus', callID, family, status })
    }
  } else if (by !== call.caller) {
    const event = call.stage === 'ringing' ? 'calls.rejected' : 'calls.hungUp'
    notices.push({ to: call.caller, event, callID, end, ext })
  }
  if (by !== call.called && !call.phone)
    notices.push({ to: call.called, event: 'calls.hungUp', callID, end, ext })
  return notices
}

/** Who is told what of a fact; `before` is the state that it is applied to (spec 03 §4.3, §6.3). */
export const noticesOf = (before: CallsState, fact: CallFact): Notice[] => {
  if (fact.type === 'started')
    return fact.call.phone
      ? []
      : [{ to: fact.call.called, event: 'calls.incoming', call: fact.call }]
  if (fact.type === 'hungUpToo') {
    const over = before.ended.get(fact.id)
    if (over?.end !== 'hungUp') return []
    return partiesOf(over)
      .filter((to) => to !== fact.userID)
      .map((to) => ({ to, event: 'calls.hungUp', callID: fact.id, end: 'hungUp', ext: fact.ext }))
  }
  const call = before.live.get(fact.id)
  if (!call) return []
  if (fact.type === 'ended') return ended(call, fact)
  if (fact.type !== 'accepted') return []
  const { id: callID, family, caller: to } = call
  if (family) return [{ to, event: 'calls.inviteStatus', callID, family, status: 1 }]
  const meeting = fact.meeting ?? call.meeting
  return [{ to, event: 'calls.accepted', call: { ...call, meeting }, ext: fact.ext }]
}

/** The fact as other domains hear of it; null where it is none of theirs. */
export const activityOf = (
  account: string,
  before: CallsState,
  fact: CallFact,
): CallActivity | null => {
  const call = fact.type === 'started' ? fact.call : before.live.get(fact.id)
  if (!call || call.phone || !['started', 'accepted', 'ended'].includes(fact.type)) return null
  const { id: callID, caller, called } = call
  const base = { account, callID, kind: call.family ? 'invite' : 'call', caller, called } as const
  if (fact.type === 'started') return { ...base, stage: 'ringing' }
  if (fact.type !== 'ended') return { ...base, stage: 'accepted' }
  return { ...base, stage: 'ended', end: fact.end, ...(fact.by !== null && { by: fact.by }) }
}

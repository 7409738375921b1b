import { type CallEnd, type ErrorCode, LIMITS } from '@yuntang/protocol'
import type { OfflineCause } from '../../actor/activity.ts'
import {
  type CallFact,
  type CallMeetingState,
  type CallsState,
  callOf,
  type LiveCall,
  partiesOf,
} from './state.ts'

/**
 * What stands in the way of ringing a user, found out before the turn. `phone`: no user, but a number
 * or address that the telephone can call.
 */
export type Reach = 'free' | 'dnd' | 'offline' | 'unknown' | 'phone'

/** The meeting that a page named: none named, one that exists, or none such. */
export type NamedMeeting = CallMeetingState | 'none' | 'unknown'

export interface StartCommand {
  readonly type: 'call' | 'invite'
  readonly id: string
  readonly caller: string
  readonly callerName: string
  readonly called: string
  readonly calledName: string
  readonly meeting: NamedMeeting
  readonly ext: string
  readonly family: LiveCall['family']
  readonly reach: Reach
  /** Invites only: the inviter is inside the meeting or made it. */
  readonly permitted: boolean
}

export type CallCommand =
  | StartCommand
  | {
      type: 'accept'
      id: string
      userID: string
      at: number
      meeting: NamedMeeting
      ext: string
    }
  | { type: 'reject' | 'hangUp'; id: string; userID: string; ext: string }
  | {
      type: 'cancelInvite'
      id: string
      userID: string
      family: NonNullable<LiveCall['family']>
      ext: string
    }
  | { type: 'phoneAnswered'; id: string; at: number }
  /** `end` null: nobody was ever rung, and who invited hears of it otherwise. */
  | { type: 'phoneEnded'; id: string; end: 'refused' | 'unanswered' | 'hungUp' | null }
  | { type: 'offline'; userID: string; how: OfflineCause }
  | { type: 'online'; userID: string }
  /** T_RING is over. */
  | { type: 'ringOver'; id: string }
  /** T_SESSION is over for a party that is gone. */
  | { type: 'sessionOver'; id: string; userID: string }
  | { type: 'meetingEnded'; meetingID: number }
  /** The tombstone's time is over. */
  | { type: 'forget'; id: string }

export type CallDecision = { facts: CallFact[] } | { error: ErrorCode }

const nothing: CallDecision = { facts: [] }
const unknownCall: CallDecision = { error: 'call.unknown' }
const ending = (id: string, end: CallEnd, by: string | null, ext = ''): CallDecision => ({
  facts: [{ type: 'ended', id, end, by, ext }],
})

const engaged = (state: CallsState, userID: string) => callOf(state, userID) !== undefined

/** A telephone is in one call of the account at a time, as a user is, and a meeting has a limit of them. */
const phoneRefusal = (state: CallsState, c: StartCommand): ErrorCode | null => {
  const phones = [...state.live.values()].filter((call) => call.phone)
  if (phones.some((call) => call.called === c.called)) return 'call.busy'
  const meetingID = typeof c.meeting === 'string' ? 0 : c.meeting.id
  const there = phones.filter((call) => call.meeting?.id === meetingID).length
  return there < LIMITS.phonesPerMeeting ? null : 'phone.busy'
}

/** Spec 03 §4.2 and §7: from top to bottom, the first that applies decides. */
const refusal = (state: CallsState, c: StartCommand): ErrorCode | null => {
  const invite = c.type === 'invite'
  if (c.called === c.caller || state.live.has(c.id) || state.ended.has(c.id)) return 'param.invalid'
  if (invite && c.meeting === 'none') return 'param.invalid'
  if (!invite && engaged(state, c.caller)) return 'call.exists'
  if (c.meeting === 'unknown') return 'meeting.unknown'
  if (invite && !c.permitted) return 'permission.denied'
  if (c.reach === 'unknown') return 'call.no-user'
  if (c.reach === 'offline') return 'call.offline'
  if (c.reach === 'phone') return phoneRefusal(state, c)
  if (engaged(state, c.called) || c.reach === 'dnd') return 'call.busy'
  return null
}

const start = (state: CallsState, command: StartCommand): CallDecision => {
  const error = refusal(state, command)
  if (error) return { error }
  const { id, caller, callerName, called, calledName, ext, family } = command
  const meeting = typeof command.meeting === 'string' ? null : command.meeting
  const phone = command.reach === 'phone' ? { phone: true as const } : {}
  const call = { id, caller, callerName, called, calledName, meeting, family, ext, ...phone }
  return { facts: [{ type: 'started', call: { ...call, stage: 'ringing' } }] }
}

/** The ringing call of who is called; a user with a telephone's number as its ID is not the telephone. */
const rungAs = (state: CallsState, id: string, userID: string): LiveCall | null => {
  const call = state.live.get(id)
  return call?.stage === 'ringing' && call.called === userID && !call.phone ? call : null
}

const accept = (state: CallsState, c: CallCommand & { type: 'accept' }): CallDecision => {
  const call = rungAs(state, c.id, c.userID)
  if (!call) return unknownCall
  if (c.meeting === 'unknown') return { error: 'meeting.unknown' }
  const meeting = c.meeting === 'none' ? null : c.meeting
  return { facts: [{ type: 'accepted', id: c.id, at: c.at, meeting, ext: c.ext }] }
}

const phoneEnded = (state: CallsState, c: CallCommand & { type: 'phoneEnded' }): CallDecision => {
  const call = state.live.get(c.id)
  if (!call?.phone) return nothing
  return c.end ? ending(c.id, c.end, call.called) : ending(c.id, 'cancelled', call.caller)
}

const reject = (state: CallsState, id: string, userID: string, ext: string): CallDecision => {
  return rungAs(state, id, userID) ? ending(id, 'refused', userID, ext) : unknownCall
}

/** A call that ended while the request was on its way counts as hung up (spec 03 §4.3, races). */
const hangUp = (state: CallsState, id: string, userID: string, ext: string): CallDecision => {
  const call = state.live.get(id)
  if (call) {
    if (!partiesOf(call).includes(userID)) return unknownCall
    if (call.stage === 'accepted') return ending(id, 'hungUp', userID, ext)
    return ending(id, userID === call.called ? 'refused' : 'cancelled', userID, ext)
  }
  const over = state.ended.get(id)
  return over && partiesOf(over).includes(userID) && !over.done.includes(userID)
    ? { facts: [{ type: 'hungUpToo', id, userID, ext }] }
    : unknownCall
}

const cancelInvite = (
  state: CallsState,
  c: CallCommand & { type: 'cancelInvite' },
): CallDecision => {
  const call = state.live.get(c.id)
  return call?.family === c.family && call.caller === c.userID
    ? ending(c.id, 'cancelled', c.userID, c.ext)
    : unknownCall
}

/** A session ended: ringing outgoing calls and invites end, an accepted call may be kept. */
const offline = (state: CallsState, userID: string, how: OfflineCause): CallDecision => {
  const facts: CallFact[] = []
  for (const call of state.live.values())
    if (call.stage === 'ringing' && call.caller === userID)
      facts.push({ type: 'ended', id: call.id, end: 'lost', by: userID, ext: '' })
  const own = callOf(state, userID)
  if (own?.stage === 'ringing' && own.called === userID && how !== 'replaced')
    facts.push({ type: 'ended', id: own.id, end: 'lost', by: userID, ext: '' })
  if (own?.stage === 'accepted')
    facts.push(
      how === 'logout'
        ? { type: 'ended', id: own.id, end: 'lost', by: userID, ext: '' }
        : { type: 'gone', id: own.id, userID },
    )
  return { facts }
}

const online = (state: CallsState, userID: string): CallDecision => {
  const call = callOf(state, userID)
  return call?.stage === 'accepted' && call.gone.includes(userID)
    ? { facts: [{ type: 'back', id: call.id, userID }] }
    : nothing
}

const meetingEnded = (state: CallsState, meetingID: number): CallDecision => ({
  facts: [...state.live.values()]
    .filter((call) => call.meeting?.id === meetingID)
    .map(({ id }) => ({ type: 'ended', id, end: 'meetingEnded', by: null, ext: '' })),
})

/** Facts that follow from a command, or why it is refused. */
export const decide = (state: CallsState, c: CallCommand): CallDecision => {
  switch (c.type) {
    case 'call':
    case 'invite':
      return start(state, c)
    case 'accept':
      return accept(state, c)
    case 'reject':
      return reject(state, c.id, c.userID, c.ext)
    case 'hangUp':
      return hangUp(state, c.id, c.userID, c.ext)
    case 'cancelInvite':
      return cancelInvite(state, c)
    case 'offline':
      return offline(state, c.userID, c.how)
    case 'online':
      return online(state, c.userID)
    case 'phoneAnswered': {
      const call = state.live.get(c.id)
      return call?.phone && call.stage === 'ringing'
        ? { facts: [{ type: 'accepted', id: c.id, at: c.at, meeting: null, ext: '' }] }
        : nothing
    }
    case 'phoneEnded':
      return phoneEnded(state, c)
    case 'ringOver':
      return state.live.get(c.id)?.stage === 'ringing' ? ending(c.id, 'unanswered', null) : nothing
    case 'sessionOver': {
      const call = state.live.get(c.id)
      return call?.stage === 'accepted' && call.gone.includes(c.userID)
        ? ending(c.id, 'lost', c.userID)
        : nothing
    }
    case 'meetingEnded':
      return meetingEnded(state, c.meetingID)
    case 'forget':
      return state.ended.has(c.id) ? { facts: [{ type: 'forgotten', id: c.id }] } : nothing
  }
}

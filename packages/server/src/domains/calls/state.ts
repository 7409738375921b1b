import { type CallEnd, LIMITS } from '@yuntang/protocol'

/** The meeting of a call: the password as its page gave it, the rest as the server knows it. */
export interface CallMeetingState {
  readonly id: number
  readonly password: string
  readonly subject: string
  readonly slug: string
  readonly creator: string
  /** JSON text of further properties, for the other side. */
  readonly extra: string
}

interface CallBase {
  readonly id: string
  readonly caller: string
  readonly callerName: string
  readonly called: string
  readonly calledName: string
  readonly meeting: CallMeetingState | null
  /** Null for a call; an invite reports by its family only (spec 03 §6). */
  readonly family: 'clientInvite' | 'callMoreParty' | null
  /** An invite of a telephone: `called` is its number, and no user. */
  readonly phone?: true
}

/** A call or in-app invite that has not ended (spec 03 §4.3, §6.3). */
export type LiveCall = CallBase &
  (
    | { readonly stage: 'ringing'; readonly ext: string }
    | {
        readonly stage: 'accepted'
        /** Milliseconds since 1970. */
        readonly acceptedAt: number
        /** Parties whose session ended without a logout and who may come back within T_SESSION. */
        readonly gone: readonly string[]
      }
  )

/** An ended call: a party that was not told of the end yet may still hang it up (spec 03 §4.3). */
export interface EndedCall {
  readonly caller: string
  readonly called: string
  readonly family: CallBase['family']
  readonly phone?: true
  readonly end: CallEnd
  /** Parties to whom hanging up was answered already, or who ended it. */
  readonly done: readonly string[]
}

/** All calls of one app account. Pure: no clock, no I/O. */
export interface CallsState {
  readonly live: ReadonlyMap<string, LiveCall>
  /** Call ID by user; the inviter is not part of an invite (spec 03 §4.1). */
  readonly engaged: ReadonlyMap<string, string>
  readonly ended: ReadonlyMap<string, EndedCall>
}

export const noCalls: CallsState = { live: new Map(), engaged: new Map(), ended: new Map() }

/** What happened; applying it to a state gives the next one. */
export type CallFact =
  | { type: 'started'; call: LiveCall & { stage: 'ringing' } }
  | { type: 'accepted'; id: string; at: number; meeting: CallMeetingState | null; ext: string }
  | { type: 'ended'; id: string; end: CallEnd; by: string | null; ext: string }
  /** A party's session ended; the call is kept for it. */
  | { type: 'gone'; id: string; userID: string }
  | { type: 'back'; id: string; userID: string }
  /** The other party hung up as well before it was told of the end. */
  | { type: 'hungUpToo'; id: string; userID: string; ext: string }
  | { type: 'forgotten'; id: string }

/** Users who are part of a call or invite. */
export const partiesOf = (
  call: Pick<LiveCall, 'caller' | 'called' | 'family' | 'phone'>,
): string[] => {
  if (call.phone) return []
  return call.family ? [call.called] : [call.caller, call.called]
}

/** The call or invite that a user is part of. */
export const callOf = (state: CallsState, userID: string): LiveCall | undefined => {
  const id = state.engaged.get(userID)
  return id === undefined ? undefined : state.live.get(id)
}

const setLive = (state: CallsState, call: LiveCall): CallsState => ({
  ...state,
  live: new Map(state.live).set(call.id, call),
})

const end = (state: CallsState, fact: CallFact & { type: 'ended' }): CallsState => {
  const call = state.live.get(fact.id)
  if (!call) return state
  const live = new Map(state.live)
  live.delete(fact.id)
  const engaged = new Map(state.engaged)
  for (const userID of partiesOf(call)) engaged.delete(userID)
  const { caller, called, family, phone } = call
  const done = fact.by === null ? [] : [fact.by]
  const over = { caller, called, family, ...(phone && { phone }), end: fact.end, done }
  const ended = new Map(state.ended).set(fact.id, over)
  const [oldest] = ended.keys()
  // Each turn costs as much as there are; a party's late hanging up comes within seconds.
  if (ended.size > LIMITS.callTombstones && oldest !== undefined) ended.delete(oldest)
  return { live, engaged, ended }
}

/** The next state. */
export const apply = (state: CallsState, fact: CallFact): CallsState => {
  if (fact.type === 'started') {
    const engaged = new Map(state.engaged)
    for (const userID of partiesOf(fact.call)) engaged.set(userID, fact.call.id)
    return setLive({ ...state, engaged }, fact.call)
  }
  if (fact.type === 'ended') return end(state, fact)
  if (fact.type === 'forgotten') {
    const ended = new Map(state.ended)
    ended.delete(fact.id)
    return { ...state, ended }
  }
  if (fact.type === 'hungUpToo') {
    const call = state.ended.get(fact.id)
    if (!call) return state
    const done = [...call.done, fact.userID]
    return { ...state, ended: new Map(state.ended).set(fact.id, { ...call, done }) }
  }
  const call = state.live.get(fact.id)
  if (!call) return state
  if (fact.type === 'accepted') {
    const { ext: _ext, ...rest } = call as LiveCall & { stage: 'ringing' }
    const meeting = fact.meeting ?? call.meeting
    return setLive(state, { ...rest, meeting, stage: 'accepted', acceptedAt: fact.at, gone: [] })
  }
  if (call.stage !== 'accepted') return state
  const others = call.gone.filter((userID) => userID !== fact.userID)
  const gone = fact.type === 'gone' ? [...others, fact.userID] : others
  return setLive(state, { ...call, gone })
}

import type { CallEnd } from '../telephone.ts'
import { endOfStatus } from './call-end.ts'

export interface OutgoingState {
  /**
   * `opening`: the port of the sound is awaited. `calling`: nothing was heard yet. `proceeding`: a
   * provisional response came. `leaving`: the call is over for people, its INVITE is not. `over`: what
   * still comes is only cleared away.
   */
  readonly at: 'opening' | 'calling' | 'proceeding' | 'answered' | 'leaving' | 'over'
  /** Ringing was told. */
  readonly rang: boolean
  /** The INVITE was taken back. */
  readonly cancelled: boolean
}

export type OutgoingEvent =
  | { readonly type: 'opened' }
  | { readonly type: 'noMedia' }
  /** `rings`: 180–189, or sound before the answer. */
  | { readonly type: 'provisional'; readonly rings: boolean }
  /** A 2xx; `usable`: it has a description that fits; `known`: of the fork that was answered before. */
  | { readonly type: 'accepted'; readonly usable: boolean; readonly known: boolean }
  | { readonly type: 'rejected'; readonly status: number }
  | { readonly type: 'failed' }
  | { readonly type: 'hangUp' }
  | { readonly type: 'ringOver' }
  | { readonly type: 'bye' }
  /** The session timer ran out, or a refresh was refused. */
  | { readonly type: 'lost' }

export type OutgoingAct =
  | { readonly do: 'invite' | 'cancel' | 'tellTrying' | 'tellRinging' | 'tellAnswered' }
  /** ACK and BYE of the fork that the event is about. */
  | { readonly do: 'acknowledge' | 'byeFork' }
  /** BYE of the answered call. */
  | { readonly do: 'bye' }
  | { readonly do: 'end'; readonly why: CallEnd; readonly status: number }

interface Step {
  readonly state: OutgoingState
  readonly acts: readonly OutgoingAct[]
}

export const OUTGOING: OutgoingState = { at: 'opening', rang: false, cancelled: false }

const end = (why: CallEnd, status = 0): OutgoingAct => ({ do: 'end', why, status })
const CANCEL: OutgoingAct = { do: 'cancel' }
const UNWANTED: readonly OutgoingAct[] = [{ do: 'acknowledge' }, { do: 'byeFork' }]

const whileWaiting = (state: OutgoingState, event: OutgoingEvent): Step => {
  const to = (at: OutgoingState['at'], ...acts: OutgoingAct[]): Step => ({
    state: { ...state, at },
    acts,
  })
  const leave = (why: CallEnd): Step =>
    // §9.1: an INVITE can be taken back only after a provisional response.
    state.at === 'proceeding'
      ? { state: { ...state, at: 'leaving', cancelled: true }, acts: [end(why), CANCEL] }
      : to('leaving', end(why))
  switch (event.type) {
    case 'provisional': {
      const rings = event.rings && !state.rang
      return {
        state: { ...state, at: 'proceeding', rang: state.rang || rings },
        acts: [
          ...(state.at === 'calling' ? [{ do: 'tellTrying' } as const] : []),
          ...(rings ? [{ do: 'tellRinging' } as const] : []),
        ],
      }
    }
    case 'accepted':
      return event.usable
        ? to('answered', { do: 'acknowledge' }, { do: 'tellAnswered' })
        : to('over', ...UNWANTED, end('failed'))
    case 'rejected':
      return to('over', end(endOfStatus(event.status), event.status))
    case 'failed':
      return to('over', end('unreachable'))
    case 'hangUp':
      return leave('cancelled')
    case 'ringOver':
      return leave('noAnswer')
    default:
      return { state, acts: [] }
  }
}

const whileOpening = (state: OutgoingState, event: OutgoingEvent): Step => {
  const over = (why: CallEnd): Step => ({ state: { ...state, at: 'over' }, acts: [end(why)] })
  if (event.type === 'opened')
    return { state: { ...state, at: 'calling' }, acts: [{ do: 'invite' }] }
  if (event.type === 'noMedia') return over('failed')
  if (event.type === 'failed') return over('unreachable')
  return event.type === 'hangUp' ? over('cancelled') : { state, acts: [] }
}

const whileLeaving = (state: OutgoingState, event: OutgoingEvent): Step => {
  const over = { ...state, at: 'over' } as const
  if (event.type === 'provisional' && !state.cancelled)
    return { state: { ...state, cancelled: true }, acts: [CANCEL] }
  // The CANCEL crossed the answer: the call is taken and ended (§9.1).
  if (event.type === 'accepted') return { state: over, acts: UNWANTED }
  return event.type === 'rejected' || event.type === 'failed'
    ? { state: over, acts: [] }
    : { state, acts: [] }
}

const whileAnswered = (state: OutgoingState, event: OutgoingEvent): Step => {
  const over = (...acts: OutgoingAct[]): Step => ({ state: { ...state, at: 'over' }, acts })
  switch (event.type) {
    case 'accepted':
      // The same answer again, or that of another fork, which nobody wants any more (§13.2.2.4).
      return { state, acts: event.known ? [{ do: 'acknowledge' }] : UNWANTED }
    case 'bye':
      return over(end('hungUp'))
    case 'hangUp':
      return over({ do: 'bye' }, end('hungUp'))
    case 'lost':
      return over({ do: 'bye' }, end('failed'))
    default:
      return { state, acts: [] }
  }
}

/** A call that we make, from dialling to the end; pure. */
export const stepOutgoing = (state: OutgoingState, event: OutgoingEvent): Step => {
  switch (state.at) {
    case 'opening':
      return whileOpening(state, event)
    case 'calling':
    case 'proceeding':
      return whileWaiting(state, event)
    case 'answered':
      return whileAnswered(state, event)
    case 'leaving':
      return whileLeaving(state, event)
    case 'over':
      if (event.type !== 'accepted') return { state, acts: [] }
      return { state, acts: event.known ? [{ do: 'acknowledge' }] : UNWANTED }
  }
}

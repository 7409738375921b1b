import type { CallEnd } from '../telephone.ts'

export interface IncomingState {
  /**
   * `opening`: the port of the sound is awaited. `ringing`: nobody answered yet. `confirming`: answered,
   * the ACK is awaited. `leaving`: hung up before the ACK, which a BYE must wait for (§15).
   */
  readonly at: 'opening' | 'ringing' | 'confirming' | 'answered' | 'leaving' | 'over'
}

export type IncomingEvent =
  | { readonly type: 'opened' }
  | { readonly type: 'noMedia' }
  | { readonly type: 'answer' }
  | { readonly type: 'hangUp' }
  | { readonly type: 'cancel' }
  | { readonly type: 'ringOver' }
  /** `usable`: it has no answer to our offer that does not fit. */
  | { readonly type: 'ack'; readonly usable: boolean }
  | { readonly type: 'noAck' }
  | { readonly type: 'bye' }
  | { readonly type: 'lost' }

export type IncomingAct =
  | { readonly do: 'announce' | 'accept' | 'tellAnswered' | 'bye' }
  | { readonly do: 'refuse'; readonly status: number }
  | { readonly do: 'end'; readonly why: CallEnd; readonly status: number }

interface Step {
  readonly state: IncomingState
  readonly acts: readonly IncomingAct[]
}

export const INCOMING: IncomingState = { at: 'opening' }

const end = (why: CallEnd, status = 0): IncomingAct => ({ do: 'end', why, status })
const over = (...acts: IncomingAct[]): Step => ({ state: { at: 'over' }, acts })
const refused = (status: number, why: CallEnd): Step =>
  over({ do: 'refuse', status }, end(why, status))

const beforeAnswer = (state: IncomingState, event: IncomingEvent): Step => {
  switch (event.type) {
    case 'opened':
      return state.at === 'opening'
        ? { state: { at: 'ringing' }, acts: [{ do: 'announce' }] }
        : { state, acts: [] }
    case 'noMedia':
      return state.at === 'opening' ? refused(480, 'failed') : { state, acts: [] }
    case 'answer':
      return state.at === 'ringing'
        ? { state: { at: 'confirming' }, acts: [{ do: 'accept' }] }
        : { state, acts: [] }
    case 'hangUp':
      return refused(603, 'refused')
    // A caller may end an early dialog with BYE too (§15.1.1).
    case 'cancel':
    case 'bye':
      return refused(487, 'cancelled')
    case 'ringOver':
      return refused(480, 'noAnswer')
    default:
      return { state, acts: [] }
  }
}

/** A call that somebody makes to us, from its INVITE to the end; pure. */
export const stepIncoming = (state: IncomingState, event: IncomingEvent): Step => {
  const same: Step = { state, acts: [] }
  switch (state.at) {
    case 'opening':
    case 'ringing':
      return beforeAnswer(state, event)
    case 'confirming':
      if (event.type === 'ack')
        return event.usable
          ? { state: { at: 'answered' }, acts: [{ do: 'tellAnswered' }] }
          : over({ do: 'bye' }, end('failed'))
      if (event.type === 'noAck') return over({ do: 'bye' }, end('failed'))
      if (event.type === 'bye') return over(end('hungUp'))
      return event.type === 'hangUp' ? { state: { at: 'leaving' }, acts: [end('hungUp')] } : same
    case 'answered':
      if (event.type === 'bye') return over(end('hungUp'))
      if (event.type === 'hangUp') return over({ do: 'bye' }, end('hungUp'))
      return event.type === 'lost' ? over({ do: 'bye' }, end('failed')) : same
    case 'leaving':
      if (event.type === 'bye') return over()
      return event.type === 'ack' || event.type === 'noAck' ? over({ do: 'bye' }) : same
    case 'over':
      return same
  }
}

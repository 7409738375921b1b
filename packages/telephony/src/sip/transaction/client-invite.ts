import {
  ACK,
  type ClientEvent,
  fail,
  GIVE_UP,
  type Machine,
  PASS,
  SEND,
  type Step,
  start,
  T1,
} from './machine.ts'

export interface ClientInviteState {
  readonly at: 'calling' | 'proceeding' | 'completed' | 'accepted' | 'terminated'
  /** Of timer A. */
  readonly interval: number
  /** A CANCEL was sent: what does not answer it in time is over (RFC 3261 §9.1). */
  readonly cancelled: boolean
}

type Next = Step<ClientInviteState>

const onResponse = (state: ClientInviteState, status: number, reliable: boolean): Next => {
  const { at } = state
  const waiting = at === 'calling' || at === 'proceeding'
  if (status < 200)
    return waiting ? { state: { ...state, at: 'proceeding' }, acts: [PASS] } : { state, acts: [] }
  if (status < 300) {
    // RFC 6026 §7.2: every 2xx goes up, of whichever fork; the user acknowledges each.
    if (at === 'accepted') return { state, acts: [PASS] }
    return waiting
      ? { state: { ...state, at: 'accepted' }, acts: [PASS, start('M', GIVE_UP)] }
      : { state, acts: [] }
  }
  if (at === 'completed') return { state, acts: [ACK] }
  return waiting
    ? {
        state: { ...state, at: 'completed' },
        acts: [ACK, PASS, start('D', reliable ? 0 : GIVE_UP)],
      }
    : { state, acts: [] }
}

/** RFC 3261 §17.1.1 as RFC 6026 corrects it. */
export const clientInvite: Machine<ClientInviteState, ClientEvent> = {
  initial: { at: 'calling', interval: T1, cancelled: false },
  step(state, event, reliable) {
    const ended = { ...state, at: 'terminated' } as const
    if (event.type === 'response') return onResponse(state, event.status, reliable)
    if (state.at === 'calling') {
      if (event.type === 'start')
        return {
          state,
          acts: [start('B', GIVE_UP), ...(reliable ? [] : [start('A', T1)]), SEND],
        }
      if (event.type === 'transportError') return { state: ended, acts: [fail('transport')] }
      if (event.type === 'timer' && event.timer === 'B')
        return { state: ended, acts: [fail('timeout')] }
      if (event.type === 'timer' && event.timer === 'A') {
        const interval = state.interval * 2
        return { state: { ...state, interval }, acts: [start('A', interval), SEND] }
      }
    }
    if (state.at === 'proceeding') {
      if (event.type === 'cancel')
        return { state: { ...state, cancelled: true }, acts: [start('B', GIVE_UP)] }
      if (event.type === 'timer' && event.timer === 'B' && state.cancelled)
        return { state: ended, acts: [fail('timeout')] }
    }
    if (event.type === 'timer') {
      const over = state.at === 'completed' ? 'D' : state.at === 'accepted' ? 'M' : null
      if (event.timer === over) return { state: ended, acts: [] }
    }
    return { state, acts: [] }
  },
}

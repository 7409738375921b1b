import {
  fail,
  GIVE_UP,
  type Machine,
  PASS,
  SEND,
  type ServerEvent,
  type Step,
  start,
  T1,
  T2,
  T4,
} from './machine.ts'

export interface ServerInviteState {
  readonly at: 'proceeding' | 'completed' | 'confirmed' | 'accepted' | 'terminated'
  /** Of timer G. */
  readonly interval: number
  /** Whether something was sent that can be sent again. */
  readonly sent: boolean
}

const inProceeding = (
  state: ServerInviteState,
  event: ServerEvent,
  reliable: boolean,
): Step<ServerInviteState> => {
  if (event.type === 'request') return { state, acts: state.sent ? [SEND] : [] }
  if (event.type === 'transportError')
    return { state: { ...state, at: 'terminated' }, acts: [fail('transport')] }
  if (event.type !== 'respond') return { state, acts: [] }
  if (event.status < 200) return { state: { ...state, sent: true }, acts: [SEND] }
  if (event.status < 300)
    return { state: { ...state, at: 'accepted', sent: true }, acts: [SEND, start('L', GIVE_UP)] }
  return {
    state: { at: 'completed', interval: T1, sent: true },
    acts: [SEND, start('H', GIVE_UP), ...(reliable ? [] : [start('G', T1)])],
  }
}

/** RFC 3261 §17.2.1 as RFC 6026 corrects it. */
export const serverInvite: Machine<ServerInviteState, ServerEvent> = {
  initial: { at: 'proceeding', interval: T1, sent: false },
  step(state, event, reliable) {
    const same = { state, acts: [] }
    const ended = { ...state, at: 'terminated' } as const
    switch (state.at) {
      case 'proceeding':
        return inProceeding(state, event, reliable)
      case 'completed': {
        if (event.type === 'request') return { state, acts: [SEND] }
        if (event.type === 'ack')
          return { state: { ...state, at: 'confirmed' }, acts: [start('I', reliable ? 0 : T4)] }
        if (event.type !== 'timer') return same
        if (event.timer === 'H') return { state: ended, acts: [fail('timeout')] }
        if (event.timer !== 'G') return same
        const interval = Math.min(state.interval * 2, T2)
        return { state: { ...state, interval }, acts: [start('G', interval), SEND] }
      }
      case 'confirmed':
        return event.type === 'timer' && event.timer === 'I' ? { state: ended, acts: [] } : same
      case 'accepted':
        if (event.type === 'ack') return { state, acts: [PASS] }
        // The user repeats its 2xx until the ACK comes (§13.3.1.4).
        if (event.type === 'respond') return { state, acts: event.status < 300 ? [SEND] : [] }
        return event.type === 'timer' && event.timer === 'L' ? { state: ended, acts: [] } : same
      case 'terminated':
        return same
    }
  },
}

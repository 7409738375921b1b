import {
  type ClientEvent,
  fail,
  GIVE_UP,
  type Machine,
  PASS,
  SEND,
  start,
  T1,
  T2,
  T4,
} from './machine.ts'

export interface ClientOtherState {
  readonly at: 'trying' | 'proceeding' | 'completed' | 'terminated'
  /** Of timer E. */
  readonly interval: number
}

/** Requests other than INVITE and ACK (RFC 3261 §17.1.2). */
export const clientOther: Machine<ClientOtherState, ClientEvent> = {
  initial: { at: 'trying', interval: T1 },
  step(state, event, reliable) {
    const { at, interval } = state
    const ended = { at: 'terminated', interval } as const
    if (at === 'terminated') return { state, acts: [] }
    if (at === 'completed')
      return event.type === 'timer' && event.timer === 'K'
        ? { state: ended, acts: [] }
        : { state, acts: [] }
    switch (event.type) {
      case 'cancel':
        return { state, acts: [] }
      case 'start':
        return at === 'trying'
          ? { state, acts: [start('F', GIVE_UP), ...(reliable ? [] : [start('E', T1)]), SEND] }
          : { state, acts: [] }
      case 'transportError':
        return { state: ended, acts: [fail('transport')] }
      case 'response':
        return event.status < 200
          ? { state: { at: 'proceeding', interval }, acts: [PASS] }
          : { state: { at: 'completed', interval }, acts: [PASS, start('K', reliable ? 0 : T4)] }
      case 'timer': {
        if (event.timer === 'F') return { state: ended, acts: [fail('timeout')] }
        if (event.timer !== 'E') return { state, acts: [] }
        const next = at === 'proceeding' ? T2 : Math.min(interval * 2, T2)
        return { state: { at, interval: next }, acts: [start('E', next), SEND] }
      }
    }
  },
}

import { GIVE_UP, type Machine, SEND, type ServerEvent, start } from './machine.ts'

export interface ServerOtherState {
  readonly at: 'trying' | 'proceeding' | 'completed' | 'terminated'
}

/** Requests other than INVITE and ACK (RFC 3261 §17.2.2). */
export const serverOther: Machine<ServerOtherState, ServerEvent> = {
  initial: { at: 'trying' },
  step(state, event, reliable) {
    const same = { state, acts: [] }
    switch (state.at) {
      case 'trying':
      case 'proceeding':
        if (event.type === 'request') return { state, acts: state.at === 'trying' ? [] : [SEND] }
        if (event.type !== 'respond') return same
        return event.status < 200
          ? { state: { at: 'proceeding' }, acts: [SEND] }
          : { state: { at: 'completed' }, acts: [SEND, start('J', reliable ? 0 : GIVE_UP)] }
      case 'completed':
        if (event.type === 'request') return { state, acts: [SEND] }
        return event.type === 'timer' && event.timer === 'J'
          ? { state: { at: 'terminated' }, acts: [] }
          : same
      case 'terminated':
        return same
    }
  },
}

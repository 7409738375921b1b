import type { Call, CallEnd, CallEvents, CallMeeting, Calls } from '../api.ts'
import { createEmitter } from '../emitter.ts'

/** A call object with the side that its owner moves. */
export interface OwnedCall extends Call {
  setAccepted(meeting: CallMeeting, text: string): void
  setEnded(reason: CallEnd, text: string): void
}

export interface CallFacts {
  readonly id: string
  readonly kind: Call['kind']
  readonly direction: Call['direction']
  readonly peerID: string
  readonly peerName: string
  readonly text: string
  readonly meeting: CallMeeting
  readonly accepted: boolean
}

/** Makes the object of one call; it acts by ID through `calls`. */
export const createCall = (
  facts: CallFacts,
  calls: Pick<Calls, 'accept' | 'reject' | 'hangUp'>,
): OwnedCall => {
  const { id, kind, direction, peerID, peerName, text } = facts
  const events = createEmitter<CallEvents>()
  let { meeting } = facts
  let state: Call['state'] = facts.accepted ? 'accepted' : 'ringing'
  return {
    on: events.on,
    once: events.once,
    id,
    kind,
    direction,
    peerID,
    peerName,
    text,
    get meeting() {
      return meeting
    },
    get state() {
      return state
    },
    accept: (options, cancel) => calls.accept(id, options, cancel),
    reject: (options, cancel) => calls.reject(id, options, cancel),
    hangUp: (options, cancel) => calls.hangUp(id, options, cancel),
    setAccepted(now, words) {
      if (state !== 'ringing') return
      state = 'accepted'
      meeting = now
      events.emit('accepted', { meeting, text: words })
    },
    setEnded(reason, words) {
      if (state === 'ended') return
      state = 'ended'
      events.emit('ended', { reason, text: words })
      events.clear()
    },
  }
}

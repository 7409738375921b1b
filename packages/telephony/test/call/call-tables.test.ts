import { expect, test } from 'vitest'
import { endOfStatus } from '../../src/call/call-end.ts'
import { type IncomingEvent, type IncomingState, stepIncoming } from '../../src/call/incoming.ts'
import { type OutgoingEvent, type OutgoingState, stepOutgoing } from '../../src/call/outgoing.ts'

interface AnyAct {
  readonly do: string
  readonly why?: string
  readonly status?: number
}

const written = (acts: readonly AnyAct[]): string =>
  acts.map((act) => [act.do, act.why, act.status || undefined].filter(Boolean).join(':')).join(' ')

/** Rows: state | event | next state | acts; what is not listed must change nothing. */
const rows = (table: string): Record<string, string> =>
  Object.fromEntries(
    table
      .trim()
      .split('\n')
      .map((line) => {
        const [state, event, next, acts] = line.split('|').map((cell) => cell.trim())
        return [`${state} | ${event}`, `${next} | ${acts ?? ''}`]
      }),
  )

const OUTGOING_EVENTS: Record<string, OutgoingEvent> = {
  opened: { type: 'opened' },
  noMedia: { type: 'noMedia' },
  trying: { type: 'provisional', rings: false },
  ringing: { type: 'provisional', rings: true },
  accepted: { type: 'accepted', usable: true, known: false },
  acceptedAgain: { type: 'accepted', usable: true, known: true },
  acceptedUnusable: { type: 'accepted', usable: false, known: false },
  rejected: { type: 'rejected', status: 486 },
  failed: { type: 'failed' },
  hangUp: { type: 'hangUp' },
  ringOver: { type: 'ringOver' },
  bye: { type: 'bye' },
  lost: { type: 'lost' },
}

const waiting = (state: string, first: string, cancel: string) => `
${state} | trying | proceeding | ${first}
${state} | ringing | proceeding | ${first} tellRinging
${state} | accepted | answered | acknowledge tellAnswered
${state} | acceptedAgain | answered | acknowledge tellAnswered
${state} | acceptedUnusable | over | acknowledge byeFork end:failed
${state} | rejected | over | end:busy:486
${state} | failed | over | end:unreachable
${state} | hangUp | leaving | end:cancelled${cancel}
${state} | ringOver | leaving | end:noAnswer${cancel}`

const OUTGOING_TABLE = `
opening | opened | calling | invite
opening | noMedia | over | end:failed
opening | failed | over | end:unreachable
opening | hangUp | over | end:cancelled${waiting('calling', 'tellTrying', '')}${waiting('proceeding', '', ' cancel')}
answered | accepted | answered | acknowledge byeFork
answered | acceptedAgain | answered | acknowledge
answered | acceptedUnusable | answered | acknowledge byeFork
answered | bye | over | end:hungUp
answered | hangUp | over | bye end:hungUp
answered | lost | over | bye end:failed
leaving | trying | leaving | cancel
leaving | ringing | leaving | cancel
leaving | accepted | over | acknowledge byeFork
leaving | acceptedAgain | over | acknowledge byeFork
leaving | acceptedUnusable | over | acknowledge byeFork
leaving | rejected | over |
leaving | failed | over |
over | accepted | over | acknowledge byeFork
over | acceptedAgain | over | acknowledge
over | acceptedUnusable | over | acknowledge byeFork`

test('a call that we make: every state and event', () => {
  const seen: Record<string, string> = {}
  for (const at of ['opening', 'calling', 'proceeding', 'answered', 'leaving', 'over'] as const)
    for (const [name, event] of Object.entries(OUTGOING_EVENTS)) {
      const from: OutgoingState = { at, rang: false, cancelled: false }
      const { state, acts } = stepOutgoing(from, event)
      if (acts.length || state.at !== at || (at === 'proceeding' && name === 'trying'))
        seen[`${at} | ${name}`] = `${state.at} | ${written(acts)}`
    }
  expect(seen).toEqual(rows(OUTGOING_TABLE))
})

test('ringing is told once, and CANCEL is sent once', () => {
  const rang: OutgoingState = { at: 'proceeding', rang: true, cancelled: false }
  expect(stepOutgoing(rang, OUTGOING_EVENTS.ringing!).acts).toEqual([])
  const cancelled: OutgoingState = { at: 'leaving', rang: true, cancelled: true }
  expect(stepOutgoing(cancelled, OUTGOING_EVENTS.ringing!).acts).toEqual([])
})

const INCOMING_EVENTS: Record<string, IncomingEvent> = {
  opened: { type: 'opened' },
  noMedia: { type: 'noMedia' },
  answer: { type: 'answer' },
  hangUp: { type: 'hangUp' },
  cancel: { type: 'cancel' },
  ringOver: { type: 'ringOver' },
  ack: { type: 'ack', usable: true },
  ackUnusable: { type: 'ack', usable: false },
  noAck: { type: 'noAck' },
  bye: { type: 'bye' },
  lost: { type: 'lost' },
}

const unanswered = (state: string) => `
${state} | hangUp | over | refuse:603 end:refused:603
${state} | cancel | over | refuse:487 end:cancelled:487
${state} | bye | over | refuse:487 end:cancelled:487
${state} | ringOver | over | refuse:480 end:noAnswer:480`

const INCOMING_TABLE = `
opening | opened | ringing | announce
opening | noMedia | over | refuse:480 end:failed:480${unanswered('opening')}
ringing | answer | confirming | accept${unanswered('ringing')}
confirming | ack | answered | tellAnswered
confirming | ackUnusable | over | bye end:failed
confirming | noAck | over | bye end:failed
confirming | bye | over | end:hungUp
confirming | hangUp | leaving | end:hungUp
answered | bye | over | end:hungUp
answered | hangUp | over | bye end:hungUp
answered | lost | over | bye end:failed
leaving | ack | over | bye
leaving | ackUnusable | over | bye
leaving | noAck | over | bye
leaving | bye | over |`

test('a call that we get: every state and event', () => {
  const seen: Record<string, string> = {}
  for (const at of ['opening', 'ringing', 'confirming', 'answered', 'leaving', 'over'] as const)
    for (const [name, event] of Object.entries(INCOMING_EVENTS)) {
      const from: IncomingState = { at }
      const { state, acts } = stepIncoming(from, event)
      if (acts.length || state.at !== at) seen[`${at} | ${name}`] = `${state.at} | ${written(acts)}`
    }
  expect(seen).toEqual(rows(INCOMING_TABLE))
})

test('statuses mean what people understand by them', () => {
  const ends: Record<string, number[]> = {}
  for (let status = 300; status < 700; status++) {
    const why = endOfStatus(status)
    if (why !== 'failed') ends[why] = [...(ends[why] ?? []), status]
  }
  expect(ends).toEqual({
    unauthorised: [401, 407],
    refused: [402, 403, 603, 607, 608],
    noAnswer: [408, 480, 487],
    busy: [486, 600],
  })
})

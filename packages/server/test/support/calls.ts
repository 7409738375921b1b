import { type Notice, noticesOf } from '../../src/domains/calls/announce.ts'
import {
  type CallCommand,
  decide,
  type Reach,
  type StartCommand,
} from '../../src/domains/calls/decide.ts'
import {
  apply,
  type CallMeetingState,
  type CallsState,
  noCalls,
} from '../../src/domains/calls/state.ts'

export const meeting: CallMeetingState = {
  id: 12_345_678,
  password: '',
  subject: 's',
  slug: 'abcdef',
  creator: 'a',
  extra: '',
}

/** A call `x` from a to b, unless said otherwise. */
export const start = (change: Partial<StartCommand> = {}): StartCommand => ({
  type: 'call',
  id: 'x',
  caller: 'a',
  callerName: 'A',
  called: 'b',
  calledName: 'B',
  meeting,
  ext: '',
  family: null,
  reach: 'free' satisfies Reach,
  permitted: true,
  ...change,
})

export const invite = (change: Partial<StartCommand> = {}): StartCommand =>
  start({ type: 'invite', family: 'callMoreParty', ...change })

/** `event` or `event end` or `event status`, as one word per notice. */
const word = (notice: Notice): string => {
  const name = notice.event.slice('calls.'.length)
  if (notice.event === 'calls.inviteStatus') return `${name} ${notice.status}`
  if ('end' in notice) return `${name} ${notice.end}${notice.ext && ` ${notice.ext}`}`
  return name
}

/** Commits commands in turn; answers what each user is told, or the error, which changes nothing. */
export const createCallsRun = (state: CallsState = noCalls) => {
  const run = {
    state: () => state,
    do(command: CallCommand): string | Record<string, string[]> {
      const decision = decide(state, command)
      if ('error' in decision) return decision.error
      const told: Record<string, string[]> = {}
      for (const fact of decision.facts) {
        for (const notice of noticesOf(state, fact))
          told[notice.to] = [...(told[notice.to] ?? []), word(notice)]
        state = apply(state, fact)
      }
      return told
    },
  }
  return run
}

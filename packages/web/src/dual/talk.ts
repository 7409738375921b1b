import type { DualMessage } from './messages.ts'

/**
 * `idle` nothing yet · `asking` the customer has not answered · `refused` · `starting` agreed, the recorder
 * begins · `recording` · `interrupted` the page was reloaded or the recorder gave up, consent stands ·
 * `withdrawn` the customer took the consent back · `done`.
 */
export type DualPhase =
  | 'idle'
  | 'asking'
  | 'refused'
  | 'starting'
  | 'recording'
  | 'interrupted'
  | 'withdrawn'
  | 'done'

/** A dual recording as the agent's page has it; kept over reloads. */
export interface Talk {
  readonly phase: DualPhase
  /** `""` while idle. */
  readonly session: string
  readonly meeting: number
  readonly customer: string
  /** Index of the step that is shown; -1 before the first. */
  readonly step: number
  /** Files begun so far. */
  readonly parts: number
}

export type TalkEvent =
  | {
      readonly kind: 'ask'
      readonly session: string
      readonly meeting: number
      readonly customer: string
    }
  | { readonly kind: 'answered'; readonly yes: boolean }
  | { readonly kind: 'begun' }
  /** The recorder could not begin, or ended by itself. */
  | { readonly kind: 'broke' }
  | { readonly kind: 'goOn' }
  | { readonly kind: 'step'; readonly to: number }
  | { readonly kind: 'finish' }
  | { readonly kind: 'giveUp' }
  | { readonly kind: 'reloaded' }

export const IDLE: Talk = {
  phase: 'idle',
  session: '',
  meeting: 0,
  customer: '',
  step: -1,
  parts: 0,
}

const AGREED: readonly DualPhase[] = ['starting', 'recording', 'interrupted']

const answered = (talk: Talk, yes: boolean): Talk => {
  if (talk.phase === 'asking') return { ...talk, phase: yes ? 'starting' : 'refused' }
  const isWithdrawal = !yes && AGREED.includes(talk.phase)
  return isWithdrawal ? { ...talk, phase: 'withdrawn' } : talk
}

/** The state after an event; one that does not fit changes nothing. */
export const applyTalk = (talk: Talk, event: TalkEvent): Talk => {
  const { phase } = talk
  switch (event.kind) {
    case 'ask': {
      if (phase === 'asking' || AGREED.includes(phase)) return talk
      const { session, meeting, customer } = event
      return { ...IDLE, phase: 'asking', session, meeting, customer }
    }
    case 'answered':
      return answered(talk, event.yes)
    case 'begun':
      return phase === 'starting' ? { ...talk, phase: 'recording', parts: talk.parts + 1 } : talk
    case 'broke':
      return phase === 'starting' || phase === 'recording'
        ? { ...talk, phase: 'interrupted' }
        : talk
    case 'goOn':
      return phase === 'interrupted' ? { ...talk, phase: 'starting' } : talk
    case 'step':
      return phase === 'recording' ? { ...talk, step: event.to } : talk
    case 'finish':
      return phase === 'recording' || phase === 'interrupted' ? { ...talk, phase: 'done' } : talk
    case 'giveUp':
      return phase === 'recording' || phase === 'starting' ? talk : IDLE
    case 'reloaded':
      return phase === 'starting' || phase === 'recording'
        ? { ...talk, phase: 'interrupted' }
        : talk
  }
}

const running = (session: string, now: boolean, text: string): DualMessage => ({
  dual: 'step',
  session,
  running: now,
  text: now ? text : '',
})

/** What the customer's page has to know now; null: nothing. */
export const tellOf = (talk: Talk, agent: string, text: string): DualMessage | null => {
  const { session } = talk
  switch (talk.phase) {
    case 'asking':
      return { dual: 'ask', session, agent }
    case 'starting':
    case 'recording':
    case 'interrupted':
      return running(session, talk.phase === 'recording', text)
    case 'withdrawn':
    case 'done':
      return { dual: 'over', session }
    default:
      return null
  }
}

const PHASES: readonly string[] = [
  'idle',
  'asking',
  'refused',
  ...AGREED,
  'withdrawn',
  'done',
] satisfies DualPhase[]

export const isTalk = (value: unknown): value is Talk => {
  const talk = value as Partial<Record<keyof Talk, unknown>> | null
  return (
    typeof talk === 'object' &&
    talk !== null &&
    PHASES.includes(String(talk.phase)) &&
    [talk.session, talk.customer].every((text) => typeof text === 'string') &&
    [talk.meeting, talk.step, talk.parts].every(Number.isSafeInteger)
  )
}

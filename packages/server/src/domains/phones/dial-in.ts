import type { Prompt } from './prompts.ts'

/** What somebody who dials in is asked for. */
export type Asked = 'number' | 'password'

/** A call from outside, from its answer on. Pure: no clock, no I/O. */
export type DialInState =
  | {
      readonly at: 'entering'
      readonly asked: Asked
      /** 0 until the number was right. */
      readonly meeting: number
      readonly digits: string
      /** Wrong tries so far, silence included. */
      readonly wrong: number
    }
  | {
      readonly at: 'checking'
      readonly asked: Asked
      readonly meeting: number
      readonly wrong: number
      /** Typed ahead: the password right behind the number. */
      readonly ahead: string
    }
  | { readonly at: 'inside'; readonly isStar: boolean }
  | { readonly at: 'over' }

/** What came of a number or password. `protected`: the number is right, a password is needed. */
export type Checked =
  | 'protected'
  | 'wrong'
  | 'speaking'
  | 'listening'
  | 'full'
  | 'throttled'
  | 'failed'

export type DialInEvent =
  | { readonly type: 'answered' }
  | { readonly type: 'digit'; readonly digit: string }
  /** The state's {@link waitOf} passed without a digit. */
  | { readonly type: 'quiet' }
  | { readonly type: 'checked'; readonly result: Checked }
  | { readonly type: 'muted'; readonly now: 'muted' | 'unmuted' | 'listening' }
  /** Its meeting is over. */
  | { readonly type: 'ended' }

export type DialInAct =
  | { readonly do: 'say'; readonly prompts: readonly Prompt[] }
  /** What is being said stops. */
  | { readonly do: 'hush' }
  /** Finds the meeting and, when nothing is missing, enters; `checked` follows. `password` null: not asked yet. */
  | { readonly do: 'check'; readonly meeting: number; readonly password: string | null }
  /** Mutes or unmutes; `muted` follows. */
  | { readonly do: 'toggle' }
  /** Once everything is said. */
  | { readonly do: 'hangUp' }

export interface DialInStep {
  readonly state: DialInState
  readonly acts: readonly DialInAct[]
}

const TRIES = 3
/** Digits that are taken without # after a pause, and the most there can be. */
const ENOUGH = { number: 8, password: 6 } as const
const MOST = { number: 8, password: 32 } as const
const PAUSE_MS = 2_500
const SILENCE_MS = 15_000
const MUTE = '6'

const ASKS = { number: 'enterNumber', password: 'enterPassword' } as const
const WRONG = { number: 'wrongNumber', password: 'wrongPassword' } as const

export const DIALLED: DialInState = {
  at: 'entering',
  asked: 'number',
  meeting: 0,
  digits: '',
  wrong: 0,
}

/** How long a state may last without a digit, once all is said; null for ever. */
export const waitOf = (state: DialInState): number | null => {
  if (state.at !== 'entering') return null
  return state.digits.length >= ENOUGH[state.asked] ? PAUSE_MS : SILENCE_MS
}

type Entering = DialInState & { at: 'entering' }
type Checking = DialInState & { at: 'checking' }

const stay = (state: DialInState): DialInStep => ({ state, acts: [] })
const say = (...prompts: Prompt[]): DialInAct => ({ do: 'say', prompts })
const bye = (...prompts: Prompt[]): DialInStep => ({
  state: { at: 'over' },
  acts: [say(...prompts, 'goodbye'), { do: 'hangUp' }],
})

const check = ({ asked, meeting, digits, wrong }: Entering): DialInStep => {
  const number = asked === 'number' ? Number(digits) : meeting
  const password = asked === 'number' ? null : digits
  return {
    state: { at: 'checking', asked, meeting: number, wrong, ahead: '' },
    acts: [{ do: 'check', meeting: number, password }],
  }
}

/** Wrong, or nothing: asked again, three times in all. */
const again = ({ asked, meeting, wrong }: Entering | Checking, ...first: Prompt[]): DialInStep => {
  if (wrong + 1 >= TRIES) return bye(...first)
  return {
    state: { at: 'entering', asked, meeting, digits: '', wrong: wrong + 1 },
    acts: [say(...first, ASKS[asked])],
  }
}

const press = (state: Entering, digit: string): DialInStep => {
  const hush: DialInAct = { do: 'hush' }
  if (digit === '#') {
    const { state: next, acts } = state.digits ? check(state) : again(state)
    return { state: next, acts: [hush, ...acts] }
  }
  if (digit === '*') return { state: { ...state, digits: '' }, acts: [hush] }
  if (!/^\d$/.test(digit)) return stay(state)
  const digits = state.digits + digit
  if (digits.length <= MOST[state.asked]) return { state: { ...state, digits }, acts: [hush] }
  const { state: next, acts } = again(state, WRONG[state.asked])
  return { state: next, acts: [hush, ...acts] }
}

/** All digits of a text in turn. */
const pressAll = (from: DialInStep, digits: string): DialInStep => {
  let { state, acts } = from
  for (const digit of digits) {
    const next = stepDialIn(state, { type: 'digit', digit })
    state = next.state
    acts = [...acts, ...next.acts]
  }
  return { state, acts }
}

const checked = (state: Checking, result: Checked): DialInStep => {
  switch (result) {
    case 'protected': {
      const { meeting, wrong, ahead } = state
      const next: Entering = { at: 'entering', asked: 'password', meeting, digits: '', wrong }
      return pressAll({ state: next, acts: [say('enterPassword')] }, ahead)
    }
    case 'wrong':
      return again(state, WRONG[state.asked])
    case 'speaking':
      return { state: { at: 'inside', isStar: false }, acts: [say('entered')] }
    case 'listening':
      return { state: { at: 'inside', isStar: false }, acts: [say('entered', 'listening')] }
    default:
      return bye(result)
  }
}

const inside = (state: DialInState & { at: 'inside' }, event: DialInEvent): DialInStep => {
  if (event.type === 'ended') return bye('ended')
  if (event.type === 'muted') return { state, acts: [{ do: 'hush' }, say(event.now)] }
  if (event.type !== 'digit') return stay(state)
  if (state.isStar && event.digit === MUTE)
    return { state: { at: 'inside', isStar: false }, acts: [{ do: 'toggle' }] }
  // Whoever presses a key has heard enough, and hears the meeting again.
  return { state: { at: 'inside', isStar: event.digit === '*' }, acts: [{ do: 'hush' }] }
}

/** The next state, and what is to be done. What does not fit a state changes nothing. */
export const stepDialIn = (state: DialInState, event: DialInEvent): DialInStep => {
  switch (state.at) {
    case 'entering':
      if (event.type === 'answered') return { state, acts: [say('welcome', 'enterNumber')] }
      if (event.type === 'digit') return press(state, event.digit)
      if (event.type !== 'quiet') return stay(state)
      return state.digits.length >= ENOUGH[state.asked] ? check(state) : again(state)
    case 'checking':
      if (event.type === 'checked') return checked(state, event.result)
      if (event.type !== 'digit' || state.ahead.length >= MOST.password) return stay(state)
      return stay({ ...state, ahead: state.ahead + event.digit })
    case 'inside':
      return inside(state, event)
    case 'over':
      return stay(state)
  }
}

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  DIALLED,
  type DialInAct,
  type DialInEvent,
  type DialInState,
  stepDialIn,
  waitOf,
} from '../../src/domains/phones/dial-in.ts'

const words = (act: DialInAct): string =>
  act.do === 'say'
    ? act.prompts.join(' ')
    : act.do === 'check'
      ? `check ${act.meeting} ${act.password ?? '-'}`
      : act.do

const run = (...events: (DialInEvent | string)[]) => {
  let state: DialInState = DIALLED
  let last: string[] = []
  for (const event of events)
    for (const one of typeof event === 'string'
      ? [...event].map((digit) => ({ type: 'digit', digit }) as const)
      : [event]) {
      const step = stepDialIn(state, one)
      state = step.state
      last = step.acts.map(words)
    }
  return { state, last }
}
const answered: DialInEvent = { type: 'answered' }
const quiet: DialInEvent = { type: 'quiet' }
const checked = (result: (DialInEvent & { type: 'checked' })['result']): DialInEvent => ({
  type: 'checked',
  result,
})
const NUMBER = '12345678#'
const needed = [answered, NUMBER, checked('protected')]
const inside = [answered, NUMBER, checked('speaking')]

describe('dialling in', () => {
  const rows: [string, (DialInEvent | string)[], string[]][] = [
    ['is welcomed and asked for a number', [answered], ['welcome enterNumber']],
    ['a digit stops what is being said', [answered, '1'], ['hush']],
    ['# ends the number', [answered, NUMBER], ['hush', 'check 12345678 -']],
    ['8 digits and a pause end it, too', [answered, '12345678', quiet], ['check 12345678 -']],
    ['fewer digits and silence are a wrong try', [answered, '1234567', quiet], ['enterNumber']],
    [
      'a ninth digit is a wrong number',
      [answered, '123456789'],
      ['hush', 'wrongNumber enterNumber'],
    ],
    ['* begins anew', [answered, '99*', NUMBER], ['hush', 'check 12345678 -']],
    ['A to D are nothing', [answered, '1A'], []],
    ['# alone is a wrong try', [answered, '#'], ['hush', 'enterNumber']],
    ['no such meeting', [answered, NUMBER, checked('wrong')], ['wrongNumber enterNumber']],
    ['a password is asked for', needed, ['enterPassword']],
    ['the password', [...needed, '0042#'], ['hush', 'check 12345678 0042']],
    ['6 digits and a pause', [...needed, '004242', quiet], ['check 12345678 004242']],
    ['wrong password', [...needed, '1#', checked('wrong')], ['wrongPassword enterPassword']],
    [
      'a password without end',
      [...needed, '1'.repeat(33)],
      ['hush', 'wrongPassword enterPassword'],
    ],
    [
      'a password typed ahead',
      [answered, NUMBER, '12#', checked('protected')],
      ['enterPassword', 'hush', 'hush', 'hush', 'check 12345678 12'],
    ],
    ['silence three times', [answered, quiet, quiet, quiet], ['goodbye', 'hangUp']],
    [
      'three wrong tries in all',
      [...needed, quiet, '1#', checked('wrong'), '2#', checked('wrong')],
      ['wrongPassword goodbye', 'hangUp'],
    ],
    ['full', [answered, NUMBER, checked('full')], ['full goodbye', 'hangUp']],
    ['throttled', [answered, NUMBER, checked('throttled')], ['throttled goodbye', 'hangUp']],
    ['failed', [answered, NUMBER, checked('failed')], ['failed goodbye', 'hangUp']],
    ['inside', inside, ['entered']],
    ['inside, only listening', [answered, NUMBER, checked('listening')], ['entered listening']],
    ['*6 mutes', [...inside, '*6'], ['toggle']],
    ['6 alone does not, nor *5 and 6; it stops what is being said', [...inside, '6*56'], ['hush']],
    ['muted', [...inside, { type: 'muted', now: 'muted' }], ['hush', 'muted']],
    ['unmuted', [...inside, { type: 'muted', now: 'unmuted' }], ['hush', 'unmuted']],
    ['the meeting ends', [...inside, { type: 'ended' }], ['ended goodbye', 'hangUp']],
    ['nothing more after the end', [...inside, { type: 'ended' }, '1#', quiet], []],
  ]
  it.each(rows)('%s', (_what, events, last) => expect(run(...events).last).toEqual(last))

  it('waits 15 s for a digit, 2.5 s when there are enough, for ever inside', () => {
    expect(waitOf(run(answered).state)).toBe(15_000)
    expect(waitOf(run(answered, '1234567').state)).toBe(15_000)
    expect(waitOf(run(answered, '12345678').state)).toBe(2_500)
    expect(waitOf(run(...needed, '123456').state)).toBe(2_500)
    expect(waitOf(run(...inside).state)).toBeNull()
  })

  it('whatever happens: at most three checks are wrong, and what is kept is bounded', () => {
    const event: fc.Arbitrary<DialInEvent> = fc.oneof(
      {
        weight: 6,
        arbitrary: fc
          .constantFrom(...'0123456789*#D')
          .map((digit) => ({ type: 'digit', digit }) as const),
      },
      { weight: 2, arbitrary: fc.constantFrom(quiet, answered, { type: 'ended' } as const) },
      {
        weight: 2,
        arbitrary: fc
          .constantFrom('wrong', 'protected', 'speaking', 'full', 'throttled', 'failed')
          .map((result) => checked(result as 'wrong')),
      },
    )
    fc.assert(
      fc.property(fc.array(event, { maxLength: 200 }), (events) => {
        let state: DialInState = DIALLED
        let wrong = 0
        for (const e of events) {
          if (state.at === 'checking' && e.type === 'checked' && e.result === 'wrong') wrong += 1
          const step = stepDialIn(state, e)
          state = step.state
          expect(JSON.stringify(state).length).toBeLessThan(150)
          if (state.at === 'over') break
        }
        expect(wrong).toBeLessThanOrEqual(3)
      }),
      { seed: 7, numRuns: 300 },
    )
  })
})

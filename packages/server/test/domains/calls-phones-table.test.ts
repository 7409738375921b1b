import { LIMITS } from '@yuntang/protocol'
import { describe, expect, it } from 'vitest'
import type { CallCommand, StartCommand } from '../../src/domains/calls/decide.ts'
import { callOf } from '../../src/domains/calls/state.ts'
import { createCallsRun, invite, meeting, start } from '../support/calls.ts'

const NUMBER = '+49301234'
const phoneInvite = (change: Partial<StartCommand> = {}) =>
  invite({ called: NUMBER, calledName: '', reach: 'phone', ...change })

type End = (CallCommand & { type: 'phoneEnded' })['end']
const answered: CallCommand = { type: 'phoneAnswered', id: 'x', at: 5 }
const over = (end: End): CallCommand => ({ type: 'phoneEnded', id: 'x', end })
const cancel = (userID: string, change: object = {}): CallCommand => ({
  type: 'cancelInvite',
  id: 'x',
  userID,
  family: 'callMoreParty',
  ext: '',
  ...change,
})
const byNumber = (type: 'reject' | 'hangUp'): CallCommand => ({
  type,
  id: 'x',
  userID: NUMBER,
  ext: '',
})
const accept: CallCommand = {
  type: 'accept',
  id: 'x',
  userID: NUMBER,
  at: 1,
  meeting: 'none',
  ext: '',
}
const gone = (how: 'logout' | 'lost' | 'replaced'): CallCommand => ({
  type: 'offline',
  userID: 'a',
  how,
})
const ringOver: CallCommand = { type: 'ringOver', id: 'x' }
const meetingEnded: CallCommand = { type: 'meetingEnded', meetingID: meeting.id }

const ringing = () => {
  const run = createCallsRun()
  expect(run.do(phoneInvite())).toEqual({})
  return run
}
const connected = () => {
  const run = ringing()
  run.do(answered)
  return run
}
const ended = () => {
  const run = ringing()
  run.do(over('refused'))
  return run
}

const UNKNOWN = 'call.unknown'
const status = (n: number) => ({ a: [`inviteStatus ${n}`] })
type Row = [
  what: string,
  command: CallCommand,
  told: string | Record<string, string[]>,
  next: 'ringing' | 'accepted' | 'ended',
]
const check = (from: () => ReturnType<typeof createCallsRun>, rows: Row[]) =>
  it.each(rows)('%s', (_what, command, told, next) => {
    const run = from()
    expect(run.do(command)).toEqual(told)
    expect(run.state().live.get('x')?.stage ?? 'ended').toBe(next)
  })

describe('03 §6.3, §6.4: a phone invite', () => {
  describe('Ringing', () => {
    check(ringing, [
      ['answered', answered, status(1), 'accepted'],
      ['refused or busy', over('refused'), status(2), 'ended'],
      ['not answered', over('unanswered'), status(3), 'ended'],
      ['hung up in the moment of the answer', over('hungUp'), status(3), 'ended'],
      ['never rung: its request says so', over(null), {}, 'ended'],
      ['60 s without an answer', ringOver, status(3), 'ended'],
      ['inviter cancels', cancel('a'), {}, 'ended'],
      ['another cancels', cancel('b'), UNKNOWN, 'ringing'],
      ['its number cancels', cancel(NUMBER), UNKNOWN, 'ringing'],
      ['the other family cancels', cancel('a', { family: 'clientInvite' }), UNKNOWN, 'ringing'],
      ['inviter logs out', gone('logout'), {}, 'ended'],
      ["inviter's session ends", gone('lost'), {}, 'ended'],
      ['inviter logs in elsewhere', gone('replaced'), {}, 'ended'],
      ['its meeting ends', meetingEnded, status(4), 'ended'],
      ['another meeting ends', { ...meetingEnded, meetingID: 1 } as CallCommand, {}, 'ringing'],
      ['a late T_SESSION', { type: 'sessionOver', id: 'x', userID: NUMBER }, {}, 'ringing'],
    ])
  })
  describe('Connected', () => {
    check(connected, [
      ['hung up', over('hungUp'), status(4), 'ended'],
      ['answered again', answered, {}, 'accepted'],
      ['a late T_RING', ringOver, {}, 'accepted'],
      ['inviter cancels', cancel('a'), {}, 'ended'],
      ['inviter logs out', gone('logout'), {}, 'accepted'],
      ["inviter's session ends", gone('lost'), {}, 'accepted'],
      ['its meeting ends', meetingEnded, status(4), 'ended'],
    ])
  })
  describe('Ended', () => {
    check(ended, [
      ['cancel', cancel('a'), UNKNOWN, 'ended'],
      ['a late answer', answered, {}, 'ended'],
      ['a late end', over('hungUp'), {}, 'ended'],
      ['the same ID again', phoneInvite(), 'param.invalid', 'ended'],
    ])
  })

  const refusals: [string, Partial<StartCommand>, string][] = [
    ['no meeting', { meeting: 'none', permitted: false }, 'param.invalid'],
    ['no such meeting', { meeting: 'unknown', permitted: false }, 'meeting.unknown'],
    ['not permitted', { permitted: false }, 'permission.denied'],
  ]
  it.each(refusals)('refused to start: %s', (_what, change, error) =>
    expect(createCallsRun().do(phoneInvite(change))).toBe(error),
  )

  it('a telephone is in one invite at a time, an inviter in any number', () => {
    const run = ringing()
    expect(run.do(phoneInvite({ id: 'y', caller: 'b' }))).toBe('call.busy')
    expect(run.do(phoneInvite({ id: 'y', called: '+49309999' }))).toEqual({})
    run.do(answered)
    expect(run.do(phoneInvite({ id: 'z' }))).toBe('call.busy')
    run.do(over('hungUp'))
    expect(run.do(phoneInvite({ id: 'z' }))).toEqual({})
  })

  it('a meeting has a limit of telephones, ringing ones included; another meeting has its own', () => {
    const run = createCallsRun()
    const nth = (n: number, change = {}) =>
      phoneInvite({ id: `x${n}`, called: `+4930${n}`, ...change })
    for (let n = 0; n < LIMITS.phonesPerMeeting; n++) expect(run.do(nth(n))).toEqual({})
    expect(run.do(nth(20))).toBe('phone.busy')
    expect(run.do(nth(21, { meeting: { ...meeting, id: 2 } }))).toEqual({})
    run.do({ ...over('refused'), id: 'x0' } as CallCommand)
    expect(run.do(nth(22))).toEqual({})
  })

  it('a number is no user: it engages nobody, and in-app calls go on', () => {
    const run = connected()
    expect(callOf(run.state(), NUMBER)).toBeUndefined()
    expect(callOf(run.state(), 'a')).toBeUndefined()
    expect(run.do(start({ id: 'call' }))).toEqual({ b: ['incoming'] })
  })

  // A user may log in with the number as its ID while the telephone rings.
  it.each([
    ['accepts', accept],
    ['rejects', byNumber('reject')],
    ['hangs up', byNumber('hangUp')],
  ] as const)('a user with that ID who %s does not answer for the telephone', (_what, command) => {
    for (const make of [ringing, connected, ended]) {
      const run = make()
      const before = run.state()
      expect(run.do(command)).toBe(UNKNOWN)
      expect(run.state()).toBe(before)
    }
  })

  it('phone commands do nothing to a call between users', () => {
    const run = createCallsRun()
    run.do(start())
    expect(run.do(answered)).toEqual({})
    expect(run.do(over('refused'))).toEqual({})
    expect(run.state().live.get('x')?.stage).toBe('ringing')
  })
})

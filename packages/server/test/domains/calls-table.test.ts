import { describe, expect, it } from 'vitest'
import type { CallCommand, StartCommand } from '../../src/domains/calls/decide.ts'
import { callOf } from '../../src/domains/calls/state.ts'
import { createCallsRun, invite, meeting, start } from '../support/calls.ts'

const by = (type: 'hangUp' | 'reject', userID: string, ext = ''): CallCommand => ({
  type,
  id: 'x',
  userID,
  ext,
})
const accept = (userID: string): CallCommand => ({
  type: 'accept',
  id: 'x',
  userID,
  at: 1,
  meeting: 'none',
  ext: '',
})
const offline = (userID: string, how: 'logout' | 'lost' | 'replaced' | 'closed'): CallCommand => ({
  type: 'offline',
  userID,
  how,
})
const ringOver: CallCommand = { type: 'ringOver', id: 'x' }
const meetingEnded: CallCommand = { type: 'meetingEnded', meetingID: meeting.id }
const cancel = (userID: string): CallCommand => ({
  type: 'cancelInvite',
  id: 'x',
  userID,
  family: 'callMoreParty',
  ext: 't',
})

const ringing = (first: StartCommand = start()) => {
  const run = createCallsRun()
  run.do(first)
  return run
}
const talking = (first?: StartCommand) => {
  const run = ringing(first)
  run.do(accept('b'))
  return run
}
const ended = (first?: StartCommand) => {
  const run = ringing(first)
  run.do(ringOver)
  return run
}

const UNKNOWN = 'call.unknown'
type Told = string | Record<string, string[]>
type Row = [what: string, command: CallCommand, told: Told, next: 'ringing' | 'accepted' | 'ended']

const check = (from: () => ReturnType<typeof createCallsRun>, rows: Row[]) =>
  it.each(rows)('%s', (_what, command, told, next) => {
    const run = from()
    expect(run.do(command)).toEqual(told)
    expect(run.state().live.get('x')?.stage ?? 'ended').toBe(next)
    for (const userID of ['a', 'b'])
      if (next === 'ended') expect(callOf(run.state(), userID)).toBeUndefined()
  })

describe('03 §4.3: Ringing', () => {
  check(ringing, [
    ['called accepts', accept('b'), { a: ['accepted'] }, 'accepted'],
    ['called rejects', by('reject', 'b', 't'), { a: ['rejected refused t'] }, 'ended'],
    ['called hangs up', by('hangUp', 'b', 't'), { a: ['rejected refused t'] }, 'ended'],
    ['caller hangs up', by('hangUp', 'a', 't'), { b: ['hungUp cancelled t'] }, 'ended'],
    ['caller accepts', accept('a'), UNKNOWN, 'ringing'],
    ['caller rejects', by('reject', 'a'), UNKNOWN, 'ringing'],
    ['a third user accepts', accept('c'), UNKNOWN, 'ringing'],
    ['a third user rejects', by('reject', 'c'), UNKNOWN, 'ringing'],
    ['a third user hangs up', by('hangUp', 'c'), UNKNOWN, 'ringing'],
    ['a call cancelled like an invite', cancel('a'), UNKNOWN, 'ringing'],
    ['T_RING over', ringOver, { a: ['rejected unanswered'], b: ['hungUp unanswered'] }, 'ended'],
    ['caller logs out', offline('a', 'logout'), { b: ['hungUp lost'] }, 'ended'],
    ['caller logs in elsewhere', offline('a', 'replaced'), { b: ['hungUp lost'] }, 'ended'],
    ["caller's session ends", offline('a', 'lost'), { b: ['hungUp lost'] }, 'ended'],
    [
      "the server closes the caller's session",
      offline('a', 'closed'),
      { b: ['hungUp lost'] },
      'ended',
    ],
    ['called logs out', offline('b', 'logout'), { a: ['rejected lost'] }, 'ended'],
    ["called's session ends", offline('b', 'lost'), { a: ['rejected lost'] }, 'ended'],
    [
      "the server closes the called's session",
      offline('b', 'closed'),
      { a: ['rejected lost'] },
      'ended',
    ],
    ['called logs in elsewhere', offline('b', 'replaced'), {}, 'ringing'],
    ['called is online again', { type: 'online', userID: 'b' }, {}, 'ringing'],
    ['a third user goes', offline('c', 'logout'), {}, 'ringing'],
    [
      'its meeting ends',
      meetingEnded,
      { a: ['rejected meetingEnded'], b: ['hungUp meetingEnded'] },
      'ended',
    ],
    ['another meeting ends', { ...meetingEnded, meetingID: 1 } as CallCommand, {}, 'ringing'],
    ['a late T_SESSION', { type: 'sessionOver', id: 'x', userID: 'b' }, {}, 'ringing'],
  ])
})

describe('03 §4.3: Talking', () => {
  check(talking, [
    ['caller hangs up', by('hangUp', 'a', 't'), { b: ['hungUp hungUp t'] }, 'ended'],
    ['called hangs up', by('hangUp', 'b', 't'), { a: ['hungUp hungUp t'] }, 'ended'],
    ['called accepts again', accept('b'), UNKNOWN, 'accepted'],
    ['called rejects', by('reject', 'b'), UNKNOWN, 'accepted'],
    ['caller accepts', accept('a'), UNKNOWN, 'accepted'],
    ['a third user hangs up', by('hangUp', 'c'), UNKNOWN, 'accepted'],
    ['caller logs out', offline('a', 'logout'), { b: ['hungUp lost'] }, 'ended'],
    ['called logs out', offline('b', 'logout'), { a: ['hungUp lost'] }, 'ended'],
    ["caller's session ends", offline('a', 'lost'), {}, 'accepted'],
    ["called's session ends", offline('b', 'lost'), {}, 'accepted'],
    ['called logs in elsewhere', offline('b', 'replaced'), {}, 'accepted'],
    ['a late T_RING', ringOver, {}, 'accepted'],
    ['T_SESSION of who is not gone', { type: 'sessionOver', id: 'x', userID: 'a' }, {}, 'accepted'],
    [
      'its meeting ends',
      meetingEnded,
      { a: ['hungUp meetingEnded'], b: ['hungUp meetingEnded'] },
      'ended',
    ],
  ])

  const gone = () => {
    const run = talking()
    run.do(offline('b', 'lost'))
    return run
  }
  const back = () => {
    const run = gone()
    run.do({ type: 'online', userID: 'b' })
    return run
  }
  const over: CallCommand = { type: 'sessionOver', id: 'x', userID: 'b' }

  describe('02 §5: one side gone', () => {
    check(gone, [
      ['T_SESSION over', over, { a: ['hungUp lost'] }, 'ended'],
      ['the other hangs up', by('hangUp', 'a'), { b: ['hungUp hungUp'] }, 'ended'],
      ['the other goes too', offline('a', 'lost'), {}, 'accepted'],
      ['the other logs out', offline('a', 'logout'), { b: ['hungUp lost'] }, 'ended'],
    ])
  })
  describe('02 §5: back again', () => {
    check(back, [
      ['the old T_SESSION', over, {}, 'accepted'],
      ['hangs up', by('hangUp', 'b'), { a: ['hungUp hungUp'] }, 'ended'],
      ['logs out', offline('b', 'logout'), { a: ['hungUp lost'] }, 'ended'],
    ])
  })
})

describe('03 §4.3: Ended', () => {
  check(ended, [
    ['accept', accept('b'), UNKNOWN, 'ended'],
    ['reject', by('reject', 'b'), UNKNOWN, 'ended'],
    ['hang up by a third user', by('hangUp', 'c'), UNKNOWN, 'ended'],
    ['a hang-up on its way when it ended', by('hangUp', 'a', 't'), {}, 'ended'],
    ['T_RING again', ringOver, {}, 'ended'],
    ['its meeting ends', meetingEnded, {}, 'ended'],
    ['the same ID again', start({ caller: 'c', called: 'd' }), 'param.invalid', 'ended'],
    ['forgotten', { type: 'forget', id: 'x' }, {}, 'ended'],
  ])

  it('races: who ended it gets 600, the other succeeds once and is heard', () => {
    const run = talking()
    run.do(by('hangUp', 'a'))
    expect(run.do(by('hangUp', 'a'))).toBe(UNKNOWN)
    expect(run.do(by('hangUp', 'b', 't'))).toEqual({ a: ['hungUp hungUp t'] })
    expect(run.do(by('hangUp', 'b'))).toBe(UNKNOWN)
    run.do({ type: 'forget', id: 'x' })
    expect(run.state().ended.size).toBe(0)
  })
})

describe('03 §4.2: starting a call', () => {
  const rows: [string, Partial<StartCommand>, string][] = [
    ['oneself', { called: 'a', meeting: 'unknown' }, 'param.invalid'],
    ['no such meeting', { meeting: 'unknown', reach: 'unknown' }, 'meeting.unknown'],
    ['nobody', { reach: 'unknown' }, 'call.no-user'],
    ['offline', { reach: 'offline' }, 'call.offline'],
    ['do-not-disturb', { reach: 'dnd' }, 'call.busy'],
  ]
  it.each(rows)('%s', (_what, change, error) => {
    expect(createCallsRun().do(start(change))).toBe(error)
  })

  const OTHER = { a: 'a', b: 'b' } as const
  /** The state of a user before the call: free, calling, being rung, or talking, with somebody else. */
  const put = (run: ReturnType<typeof createCallsRun>, who: keyof typeof OTHER, state: string) => {
    const peer = `${who}-peer`
    if (state === 'Calling') run.do(start({ id: peer, caller: who, called: peer }))
    if (state === 'Ringing') run.do(start({ id: peer, caller: peer, called: who }))
    if (state === 'Talking') {
      run.do(start({ id: peer, caller: peer, called: who }))
      run.do({ type: 'accept', id: peer, userID: who, at: 1, meeting: 'none', ext: '' })
    }
    if (state === 'Invited') run.do(invite({ id: peer, caller: peer, called: who }))
    if (state === 'Inviting') run.do(invite({ id: peer, caller: who, called: peer }))
  }
  const STATES = ['Free', 'Calling', 'Ringing', 'Talking', 'Invited', 'Inviting']
  const free = (state: string) => state === 'Free' || state === 'Inviting'
  const cells = STATES.flatMap((caller) => STATES.map((called) => [caller, called] as const))

  it.each(cells)('caller %s × called %s', (caller, called) => {
    const run = createCallsRun()
    put(run, 'a', caller)
    put(run, 'b', called)
    const answer = run.do(start())
    if (!free(caller)) expect(answer).toBe('call.exists')
    else if (!free(called)) expect(answer).toBe('call.busy')
    else expect(answer).toEqual({ b: ['incoming'] })
  })

  it.each(cells)('inviter %s × invited %s', (inviter, invited) => {
    const run = createCallsRun()
    put(run, 'a', inviter)
    put(run, 'b', invited)
    expect(run.do(invite())).toEqual(free(invited) ? { b: ['incoming'] } : 'call.busy')
  })
})

describe('03 §6.3: an invite', () => {
  const rings = () => ringing(invite())
  const connected = () => talking(invite())
  const over = () => ended(invite())
  describe('refused to start', () => {
    const rows: [string, Partial<StartCommand>, string][] = [
      ['oneself', { called: 'a', meeting: 'unknown' }, 'param.invalid'],
      ['no meeting', { meeting: 'none', permitted: false }, 'param.invalid'],
      ['no such meeting', { meeting: 'unknown', permitted: false }, 'meeting.unknown'],
      ['not permitted', { permitted: false, reach: 'unknown' }, 'permission.denied'],
      ['nobody', { reach: 'unknown' }, 'call.no-user'],
      ['offline', { reach: 'offline' }, 'call.offline'],
      ['do-not-disturb', { reach: 'dnd' }, 'call.busy'],
    ]
    it.each(rows)('%s', (_what, change, error) =>
      expect(createCallsRun().do(invite(change))).toBe(error),
    )
  })
  describe('Ringing', () => {
    check(rings, [
      ['accepted', accept('b'), { a: ['inviteStatus 1'] }, 'accepted'],
      ['rejected', by('reject', 'b'), { a: ['inviteStatus 2'] }, 'ended'],
      ['hung up by invited', by('hangUp', 'b'), { a: ['inviteStatus 2'] }, 'ended'],
      ['hung up by inviter', by('hangUp', 'a'), UNKNOWN, 'ringing'],
      ['T_RING over', ringOver, { a: ['inviteStatus 3'], b: ['hungUp unanswered'] }, 'ended'],
      ['invited logs out', offline('b', 'logout'), { a: ['inviteStatus 3'] }, 'ended'],
      ["invited's session ends", offline('b', 'lost'), { a: ['inviteStatus 3'] }, 'ended'],
      ['invited logs in elsewhere', offline('b', 'replaced'), {}, 'ringing'],
      ['inviter cancels', cancel('a'), { b: ['hungUp cancelled t'] }, 'ended'],
      ['another cancels', cancel('b'), UNKNOWN, 'ringing'],
      ['inviter logs out', offline('a', 'logout'), { b: ['hungUp lost'] }, 'ended'],
      ["inviter's session ends", offline('a', 'lost'), { b: ['hungUp lost'] }, 'ended'],
      [
        'its meeting ends',
        meetingEnded,
        { a: ['inviteStatus 4'], b: ['hungUp meetingEnded'] },
        'ended',
      ],
    ])
  })
  describe('Connected', () => {
    check(connected, [
      ['hung up by invited', by('hangUp', 'b'), { a: ['inviteStatus 4'] }, 'ended'],
      ['invited logs out', offline('b', 'logout'), { a: ['inviteStatus 4'] }, 'ended'],
      ["invited's session ends", offline('b', 'lost'), {}, 'accepted'],
      ['inviter cancels', cancel('a'), { b: ['hungUp cancelled t'] }, 'ended'],
      ['inviter logs out', offline('a', 'logout'), {}, 'accepted'],
      ["inviter's session ends", offline('a', 'lost'), {}, 'accepted'],
      [
        'its meeting ends',
        meetingEnded,
        { a: ['inviteStatus 4'], b: ['hungUp meetingEnded'] },
        'ended',
      ],
    ])
    it('invited gone for T_SESSION', () => {
      const run = connected()
      run.do(offline('b', 'lost'))
      expect(run.do({ type: 'sessionOver', id: 'x', userID: 'b' })).toEqual({
        a: ['inviteStatus 4'],
      })
    })
  })
  describe('Ended', () => {
    check(over, [
      ['cancel', cancel('a'), UNKNOWN, 'ended'],
      ['accept', accept('b'), UNKNOWN, 'ended'],
      ['a hang-up on its way when it ended', by('hangUp', 'b'), {}, 'ended'],
    ])
  })
})

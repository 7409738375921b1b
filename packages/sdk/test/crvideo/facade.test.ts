import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ChatEvents, PagesEvents } from '../../src/api.ts'
import type { Emitter } from '../../src/emitter.ts'
import { YuntangError } from '../../src/errors.ts'
import { fakeMeeting, page, settle } from './fake-client.ts'

beforeEach(() => {
  vi.stubGlobal('WebSocket', class {})
  vi.stubGlobal('RTCPeerConnection', class {})
})
afterEach(() => vi.unstubAllGlobals())

describe('operations', () => {
  it('00 §6.3: 9 before Init, never inside the call', async () => {
    const { listen, run, log } = page()
    listen('LoginFail')
    run('Login', 'demo', 'x', 'n', '', '', { a: 1 })
    expect(log).toEqual([])
    await settle()
    expect(log).toEqual([['LoginFail', 9, { a: 1 }]])
  })

  it('07 §2 EnterMeeting: 9 before Init and 5 for a malformed number', async () => {
    const { listen, run, log } = page()
    listen('EnterMeetingRslt')
    run('EnterMeeting', 12345678, '', '', '', 'a')
    run('Init2')
    run('EnterMeeting', 'x', '', '', '', 'b')
    await settle()
    expect(log).toEqual([
      ['EnterMeetingRslt', 9, 'a'],
      ['EnterMeetingRslt', 5, 'b'],
    ])
  })

  it('00 §5: two operations of one kind keep separate cookies', async () => {
    const { listen, run, log, calls } = page()
    listen('CreateMeetingSuccess', 'CreateMeetingFail')
    run('Init2')
    run('CreateMeeting', 'a', 0, 'first')
    run('CreateMeeting', 'b', 0, '{"n":2}')
    calls[1]?.reject(new YuntangError('meeting.limit'))
    await settle()
    const info = { id: 7, password: '', subject: 'a', url: 'u', creator: 'c', memberCount: 0 }
    calls[0]?.resolve(info)
    await settle()
    expect(log).toEqual([
      ['CreateMeetingFail', 803, { n: 2 }],
      [
        'CreateMeetingSuccess',
        { ID: 7, pswd: '', subject: 'a', pubMeetUrl: 'u', creator: 'c', memberCount: 0 },
        'first',
      ],
    ])
  })

  it('00 §4: a password switch that is no number is a parameter error, "0" is off, 2 is on', async () => {
    const { listen, run, log, calls } = page()
    listen('CreateMeetingFail')
    run('Init2')
    run('CreateMeeting', 'a', 'maybe', 'bad')
    for (const given of ['0', 2, true, undefined]) run('CreateMeeting', 'a', given)
    await settle()
    expect(log).toEqual([['CreateMeetingFail', 5, 'bad']])
    expect(calls.map(({ args }) => args[0])).toEqual([
      { subject: 'a', withPassword: false },
      { subject: 'a', withPassword: true },
      { subject: 'a', withPassword: true },
      { subject: 'a', withPassword: false },
    ])
  })

  it('03 §2: DestroyMeeting answers in two slots, in order', async () => {
    const { listen, run, log, calls } = page()
    listen('DestroyMeetingRslt', 'StopMeetingRslt')
    run('Init2')
    run('DestroyMeeting', '12345678', 'c')
    calls[0]?.resolve(undefined)
    await settle()
    expect(calls[0]?.args[0]).toBe(12345678)
    expect(log).toEqual([
      ['DestroyMeetingRslt', 0, 'c'],
      ['StopMeetingRslt', 0],
    ])
  })

  it('02 Uninit and Logout: pending operations get no callback', async () => {
    const { listen, run, log, calls } = page()
    listen('GetMeetingsFail', 'GetMeetingsSuccess', 'LoginFail')
    run('Init2')
    run('GetMeetings')
    run('Logout')
    calls[0]?.reject(new YuntangError('connection.lost'))
    await settle()
    run('Login', 'demo')
    calls[1]?.reject(new YuntangError('login.refused'))
    run('Uninit')
    await settle()
    expect(log).toEqual([])
  })

  it('02 GetUserAuthErrCode: what the third-party check returned, after 17', async () => {
    const { run, calls } = page()
    run('Init2')
    run('Login', 'demo')
    calls[0]?.reject(new YuntangError('auth.refused', '{"code":42,"desc":"no such user"}'))
    await settle()
    expect([run('GetUserAuthErrCode'), run('GetUserAuthErrDesc')]).toEqual([42, 'no such user'])
  })
})

describe('meeting', () => {
  const entered = async () => {
    const all = page()
    all.run('Init2')
    all.run('EnterMeeting', '12345678', '', '', '', 'c')
    const { meeting, events } = fakeMeeting()
    all.client.meeting = meeting
    return { ...all, meeting, meetingEvents: events }
  }

  it('07 §2.2: the result comes first, then NotifyInitBoards([]), then events', async () => {
    const { listen, log, calls, events, meeting, meetingEvents } = await entered()
    listen('EnterMeetingRslt', 'NotifyInitBoards', 'UserLeftMeeting')
    events.emit('meeting', meeting)
    meetingEvents.emit('memberLeft', { userID: 'u', cause: 'left' })
    calls[0]?.resolve(meeting)
    await settle()
    expect(log).toEqual([
      ['EnterMeetingRslt', 0, 'c'],
      ['NotifyInitBoards', []],
      ['UserLeftMeeting', 'u'],
    ])
  })

  it('07 §2.2, 4: what all look at is told as it was on entry, then what happened, each once', async () => {
    const { listen, log, calls, events, meeting } = await entered()
    listen('NotifySwitchToPage', 'NotifyVideoWallMode', 'NotifyMainVideoChanged', 'NotifyIMmsg')
    const at = (values: object) => Object.assign(meeting.pages, values)
    at({ main: 1, sub: 'x', by: 'b', wall: 5, mainVideo: 'b', mainVideoBy: 'a' })
    events.emit('meeting', meeting)
    // Back to the first values before the entry's result is told.
    const tell = meeting.pages as unknown as Emitter<PagesEvents>
    at({ wall: 2 })
    tell.emit('wall', { mode: 2, by: 'a' })
    at({ main: 0, sub: '', by: 'c' })
    tell.emit('switched', { main: 0, sub: '', by: 'c' })
    calls[0]?.resolve(meeting)
    await settle()
    expect(log).toEqual([
      ['NotifySwitchToPage', 1, 'x'],
      ['NotifyVideoWallMode', 5],
      ['NotifyMainVideoChanged', 'a', 'b'],
      ['NotifyVideoWallMode', 2],
      ['NotifySwitchToPage', 0, ''],
    ])
  })

  it('11 §1: the time of a message is in whole seconds; its text is parsed, the sender is not', async () => {
    const { listen, log, calls, events, meeting } = await entered()
    listen('NotifyIMmsg')
    events.emit('meeting', meeting)
    calls[0]?.resolve(meeting)
    await settle()
    const tell = meeting.chat as unknown as Emitter<ChatEvents>
    const of = { seq: 1, to: '', fromName: '', toName: '', at: 1_700_000_000_999 }
    for (const text of ['[1]', '12', 'true', '"x"', '{no']) {
      tell.emit('message', { ...of, from: '{}', text })
    }
    await settle()
    const told = [[1], '12', 'true', '"x"', '{no']
    expect(log).toEqual(told.map((text) => ['NotifyIMmsg', '{}', text, 1_700_000_000]))
  })

  it('07 §2 edge cases: a newer entry ends the older with 206, ExitMeeting ends a running one', async () => {
    const { listen, log, run } = await entered()
    listen('EnterMeetingRslt')
    run('EnterMeeting', 10000002, '', '', '', 'second')
    run('ExitMeeting')
    await settle()
    expect(log).toEqual([
      ['EnterMeetingRslt', 206, 'c'],
      ['EnterMeetingRslt', 206, 'second'],
    ])
  })

  it('08 §5: MicEnergyUpdate is half, rounded up, and only when it differs', async () => {
    const { listen, log, calls, meeting, meetingEvents, events } = await entered()
    listen('MicEnergyUpdate')
    events.emit('meeting', meeting)
    calls[0]?.resolve(meeting)
    await settle()
    meetingEvents.emit('energy', { userID: 'u', old: 0, now: 3 })
    meetingEvents.emit('energy', { userID: 'u', old: 3, now: 4 })
    meetingEvents.emit('energy', { userID: 'u', old: 4, now: 10 })
    await settle()
    expect(log).toEqual([
      ['MicEnergyUpdate', 'u', 0, 2],
      ['MicEnergyUpdate', 'u', 2, 5],
    ])
  })

  it('07 §3: no event of the meeting is delivered after ExitMeeting returned', async () => {
    const { listen, log, calls, meeting, meetingEvents, events, run } = await entered()
    listen('UserLeftMeeting', 'NetStateChanged', 'MeetingDropped')
    events.emit('meeting', meeting)
    calls[0]?.resolve(meeting)
    await settle()
    meetingEvents.emit('memberLeft', { userID: 'u', cause: 'left' })
    run('ExitMeeting')
    meetingEvents.emit('network', { level: 3 })
    await settle()
    expect(log).toEqual([])
  })

  it('07 §2, §3: entering another meeting silences what waits of the old one', async () => {
    const { listen, log, calls, meeting, meetingEvents, events } = await entered()
    listen('UserLeftMeeting')
    events.emit('meeting', meeting)
    calls[0]?.resolve(meeting)
    await settle()
    meetingEvents.emit('memberLeft', { userID: 'u', cause: 'left' })
    meetingEvents.emit('ended', { reason: 'left' })
    await settle()
    expect(log).toEqual([])
  })

  it.each([
    ['stopped', ['MeetingStopped']],
    ['dropped', ['MeetingDropped', 0]],
    ['replaced', ['MeetingDropped', 1]],
  ] as const)('07 §3, §5: an end by %s is announced once', async (reason, expected) => {
    const { listen, log, calls, meeting, meetingEvents, events } = await entered()
    listen('MeetingStopped', 'MeetingDropped')
    events.emit('meeting', meeting)
    calls[0]?.resolve(meeting)
    await settle()
    meetingEvents.emit('ended', { reason })
    events.emit('meeting', null)
    await settle()
    expect(log).toEqual([expected])
  })
})

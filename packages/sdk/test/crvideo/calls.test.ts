import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { inviteText, meetingObject, meetingReference } from '../../src/crvideo/call-objects.ts'
import { YuntangError } from '../../src/errors.ts'
import { page, settle } from './fake-client.ts'

beforeEach(() => {
  vi.stubGlobal('WebSocket', class {})
  vi.stubGlobal('RTCPeerConnection', class {})
})
afterEach(() => vi.unstubAllGlobals())

describe('03 §1: meeting objects of calls', () => {
  it.each([
    [undefined, { id: 0 }],
    [null, { id: 0 }],
    [{ ID: 0 }, { id: 0, password: '', extra: {} }],
    ['{"ID":"12345678","pswd":123456}', { id: 12345678, password: '123456', extra: {} }],
    [
      { ID: 1, pswd: 'p', subject: 's', mine: { a: 1 } },
      { id: 1, password: 'p', extra: { mine: { a: 1 } } },
    ],
    ['text', null],
    ['', null],
    [[], null],
    [{ ID: 'abc' }, null],
    [{ ID: -1 }, null],
    [{ ID: 1.5 }, null],
  ])('%j is read', (given, read) => expect(meetingReference(given)).toEqual(read))

  it("the other page's properties never hide the server's", () => {
    const meeting = {
      id: 1,
      password: '',
      subject: 's',
      url: 'u',
      creator: 'c',
      memberCount: 2,
      extra: { ID: 9, pubMeetUrl: 'evil', mine: 1 },
    }
    expect(meetingObject(meeting)).toEqual({
      ID: 1,
      pswd: '',
      subject: 's',
      pubMeetUrl: 'u',
      creator: 'c',
      memberCount: 2,
      mine: 1,
    })
  })
})

it.each([
  ['', { clientInvite: 1 }],
  ['text', { clientInvite: 1, usrExtDat: 'text' }],
  ['{"a":1,"clientInvite":0}', { a: 1, clientInvite: 1 }],
  ['[1]', { clientInvite: 1, usrExtDat: '[1]' }],
  ['{broken', { clientInvite: 1, usrExtDat: '{broken' }],
])('03 §6.2: an invite with %j', (given, delivered) => expect(inviteText(given)).toEqual(delivered))

describe('03 §5: functions and slots', () => {
  it('Call returns its ID at once; its failure carries ID, number and cookie', async () => {
    const { run, listen, log, calls } = page()
    listen('CallFail')
    run('Init2')
    const id = run('Call', 77, { ID: 0 }, { a: 1 }, 'c')
    expect(calls[0]?.args[0]).toMatchObject({ id, userID: '77', text: '{"a":1}' })
    calls[0]?.reject(new YuntangError('call.no-user'))
    await settle()
    expect(log).toEqual([['CallFail', id, 605, 'c']])
  })

  it('9 comes before 5 without a login, 5 with one', async () => {
    const { run, listen, log, client } = page()
    listen('CallFail')
    run('Init2')
    client.userID = null
    const first = run('Call', 'b', 'not json')
    client.userID = 'me'
    const second = run('Call', 'b', 'not json')
    await settle()
    expect(log).toEqual([
      ['CallFail', first, 9, ''],
      ['CallFail', second, 5, ''],
    ])
  })

  it('03 §6.3: the start result of an invite comes before its status 0', async () => {
    const { run, listen, log, calls } = page()
    listen('ClientInviteRslt', 'NotifyInviteStatus', 'NotifyCallMorePartyStatus')
    run('Init2')
    const id = run('ClientInvite', 'b', { ID: 1 }, 'c')
    calls[0]?.resolve(id)
    await settle()
    expect(log).toEqual([
      ['ClientInviteRslt', id, 0, 'c'],
      ['NotifyInviteStatus', id, 0],
    ])
  })

  it.each([
    ['refused', 606],
    ['unanswered', 604],
    ['lost', 603],
    ['meetingEnded', 800],
  ] as const)('NotifyCallRejected: %s is %i', async (reason, sdkErr) => {
    const { run, listen, log, callEvents } = page()
    listen('NotifyCallRejected')
    run('Init2')
    callEvents.emit('rejected', { callID: 'x', reason, text: '{"a":1}' })
    await settle()
    expect(log).toEqual([['NotifyCallRejected', 'x', sdkErr, { a: 1 }]])
  })

  it('nothing is delivered after Uninit, and everything again after the next Init', async () => {
    const { run, listen, log, callEvents } = page()
    listen('NotifyCallHungup')
    run('Init2')
    run('Uninit')
    callEvents.emit('hungUp', { callID: 'x', reason: 'hungUp', text: '' })
    run('Init2')
    callEvents.emit('hungUp', { callID: 'y', reason: 'hungUp', text: '' })
    await settle()
    expect(log).toEqual([['NotifyCallHungup', 'y', '']])
  })
})

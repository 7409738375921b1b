import { LIMITS, type MeetingInfo, type MeetingSnapshot } from '@yuntang/protocol'
import type { CallEnd } from '@yuntang/telephony'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { AppDeps } from '../../src/app.ts'
import type { Storage } from '../../src/storage/port.ts'
import { startTestApp, type TestApp, TestPage } from '../support/page.ts'
import { type TestCall, testTelephone } from '../support/telephone.ts'
import { createTestStorage } from '../support/test-storage.ts'

const NUMBER = '+49301234'
const FAMILY = 'clientInvite'

let storage: Storage
beforeAll(async () => {
  storage = await createTestStorage()
}, 60_000)
afterAll(() => storage.close())

describe('03 §6.4: telephones', () => {
  let shared: Awaited<ReturnType<typeof startWith>>
  let test: TestApp
  let trunk: ReturnType<typeof testTelephone>
  let account = ''
  let meeting: MeetingInfo
  let a: TestPage
  let b: TestPage
  const apps: TestApp[] = []
  let invites = 0

  const startWith = async (config: Partial<AppDeps['config']>, withPhone = true) => {
    const trunk = testTelephone()
    const test = await startTestApp(config, { storage, ...(withPhone && { phone: trunk.phone }) })
    return { test, trunk }
  }
  /** Two members of a meeting, in an app account of their own. */
  const meet = async (server: Awaited<ReturnType<typeof startWith>>) => {
    test = server.test
    trunk = server.trunk
    trunk.dialled.length = 0
    trunk.asked.length = 0
    account = `account-${invites++}`
    a = await join('a')
    b = await join('b')
    meeting = (await a.call('meetings.create', { subject: 's', withPassword: true })) as MeetingInfo
    await a.enter(meeting.id, meeting.password, { userID: 'a' })
    await b.enter(meeting.id, meeting.password, { userID: 'b' })
  }
  /** A server of the test's own, with other settings. */
  const start = async (config: Partial<AppDeps['config']> = {}, withPhone = true) => {
    const own = await startWith(config, withPhone)
    apps.push(own.test)
    await meet(own)
  }
  const join = (userID: string, of = account) => new TestPage(test).login(userID, of)
  const settle = async (rounds = 6) => {
    for (let i = 0; i < rounds; i++) await new Promise((resolve) => setImmediate(resolve))
  }
  /** Posts an invite and waits until the telephone dials. */
  const dial = async (called = NUMBER, from = a) => {
    const callID = `invite-${invites++}`
    const before = trunk.dialled.length
    const { id, password } = meeting
    const ref = { id, password }
    const request = from.post('calls.invite', {
      callID,
      called,
      meeting: ref,
      family: FAMILY,
      ext: '',
    })
    for (let i = 0; trunk.dialled.length === before; i++) {
      if (i > 400) throw new Error(`nobody dialled: ${await from.answer(request)}`)
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
    return { callID, request, call: trunk.dialled.at(-1) as TestCall }
  }
  const invite = async (called = NUMBER, from = a) => {
    const { callID, request, call } = await dial(called, from)
    call.ring()
    expect(await from.answer(request)).toEqual({})
    return { callID, call }
  }
  /** A telephone that sits in the meeting. */
  const seated = async (called = NUMBER, from = a) => {
    const invited = await invite(called, from)
    invited.call.answer()
    for (let i = 0; i < 400 && !trunk.asked.at(-1)?.startsWith('join'); i++)
      await new Promise((resolve) => setTimeout(resolve, 2))
    await settle()
    return invited
  }
  const cancel = (callID: string, from = a, family = FAMILY) =>
    from.call('calls.cancelInvite', { callID, family, ext: '' })
  const statuses = (page: TestPage) => page.events('calls.inviteStatus').map((e) => e.status)
  const snapshot = async (page: TestPage, userID: string) =>
    (await page.enter(meeting.id, meeting.password, { userID })) as MeetingSnapshot
  /** Time passes while these pages stay alive. */
  const pass = (ms: number, ...alive: TestPage[]) => {
    for (let t = 0; t < ms; t += LIMITS.heartbeat) {
      for (const page of alive) page.raw('{"ping":1}')
      test.clock.advance(Math.min(LIMITS.heartbeat, ms - t))
    }
  }

  beforeAll(async () => {
    shared = await startWith({})
  }, 60_000)
  beforeEach(() => meet(shared))
  afterEach(async () => {
    trunk.refuseSound(null)
    for (const page of [a, b]) await page.call('meetings.destroy', { id: meeting.id })
    for (const app of apps.splice(0)) await app.app.close()
  })
  afterAll(async () => {
    await shared?.test.app.close()
  })

  it('no trunk: a number is nobody, and pages are told that there are no telephones', async () => {
    await start({}, false)
    const ref = { id: meeting.id, password: meeting.password }
    const invite = { callID: 'x', called: NUMBER, meeting: ref, family: FAMILY, ext: '' }
    expect(await a.call('calls.invite', invite)).toBe('call.no-user')
    expect(await a.call('phones.hangUp', { userID: NUMBER })).toBe('member.unknown')
    const hello = a.frames.find((f) => 'hello' in f)
    expect(hello).toMatchObject({ hello: { phones: false } })
  })

  it('the start is answered when it rings, then 1 when it is answered, 4 when it hangs up', async () => {
    const { call, callID, request } = await dial()
    expect(call.peer).toBe(NUMBER)
    await settle()
    expect(a.frames.some((f) => 'id' in f && f.id === request)).toBe(false)
    call.ring()
    expect(await a.answer(request)).toEqual({})
    expect(statuses(a)).toEqual([])
    call.answer()
    await settle()
    expect(a.events('calls.inviteStatus')).toEqual([{ callID, family: FAMILY, status: 1 }])
    call.end('hungUp')
    await settle()
    expect(statuses(a)).toEqual([1, 4])
    expect(statuses(b)).toEqual([])
    expect(await cancel(callID)).toBe('call.unknown')
  })

  it('answered at once: the start is answered before the status', async () => {
    const { call, request } = await dial()
    call.answer()
    await a.answer(request)
    await settle()
    const order = a.frames.flatMap((f) =>
      'id' in f && f.id === request
        ? ['start']
        : 'event' in f && f.event === 'calls.inviteStatus'
          ? ['status']
          : [],
    )
    expect(order).toEqual(['start', 'status'])
  })

  const failures: [CallEnd, number, string][] = [
    ['unreachable', 0, 'phone.unreachable'],
    ['unauthorised', 401, 'phone.unauthorised'],
    ['busy', 0, 'phone.busy'],
    ['failed', 404, 'call.no-user'],
    ['failed', 484, 'call.no-user'],
    ['failed', 503, 'call.offline'],
    ['failed', 0, 'call.offline'],
  ]
  it.each(failures)(
    'never rung, %s %i: the start says %s, and no status follows',
    async (why, status, error) => {
      const { call, request, callID } = await dial()
      call.end(why, status)
      expect(await a.answer(request)).toBe(error)
      await settle()
      expect(statuses(a)).toEqual([])
      expect(await cancel(callID)).toBe('call.unknown')
      // The number is free again.
      await invite()
    },
  )

  const ends: [CallEnd, number, number][] = [
    ['busy', 486, 2],
    ['refused', 603, 2],
    ['noAnswer', 480, 3],
    ['failed', 500, 3],
    ['unreachable', 0, 3],
  ]
  it.each(ends)('rung, then %s %i: status %i', async (why, status, told) => {
    const { call } = await invite()
    call.end(why, status)
    await settle()
    expect(statuses(a)).toEqual([told])
  })

  it('busy without having rung: the start is 0, then 2', async () => {
    const { call, request } = await dial()
    call.end('busy', 486)
    expect(await a.answer(request)).toEqual({})
    await settle()
    expect(statuses(a)).toEqual([2])
  })

  it('a trunk that only tries counts as ringing after a while', async () => {
    const { call, request } = await dial()
    call.try()
    test.clock.advance(5_000)
    expect(await a.answer(request)).toEqual({})
  })

  it('a trunk that says nothing at all cannot be reached: 8 while the page waits, and no status', async () => {
    const { call, request } = await dial()
    pass(11_999, a, b)
    expect(call.isHungUp).toBe(false)
    pass(1, a, b)
    expect(await a.answer(request)).toBe('phone.unreachable')
    await settle()
    expect([call.isHungUp, statuses(a)]).toEqual([true, []])
  })

  it('60 s without an answer: 3, and the telephone stops ringing', async () => {
    const { call } = await invite()
    pass(LIMITS.phoneRing - 1, a, b)
    expect(call.isHungUp).toBe(false)
    pass(1, a, b)
    await settle()
    expect([call.isHungUp, statuses(a)]).toEqual([true, [3]])
  })

  it('cancelled while trying, ringing or connected: it is hung up, and no status follows', async () => {
    const trying = await dial()
    expect(await cancel(trying.callID, b)).toBe('call.unknown')
    expect(await cancel(trying.callID)).toEqual({})
    expect(await a.answer(trying.request)).toEqual({})
    const ringing = await invite()
    expect(await cancel(ringing.callID, a, 'callMoreParty')).toBe('call.unknown')
    expect(await cancel(ringing.callID)).toEqual({})
    const connected = await seated()
    expect(await cancel(connected.callID)).toEqual({})
    await settle()
    expect([trying, ringing, connected].map(({ call }) => call.isHungUp)).toEqual([
      true,
      true,
      true,
    ])
    expect(statuses(a)).toEqual([1])
    expect(b.events('meetings.left')).toEqual([{ userID: NUMBER, cause: 'left' }])
  })

  it('answered in the moment of the cancel: nobody enters', async () => {
    const { call, callID } = await invite()
    call.answer()
    expect(await cancel(callID)).toEqual({})
    await settle(20)
    expect(call.isHungUp).toBe(true)
    expect(b.events('meetings.entered')).toEqual([])
  })

  it('a number that is rung is busy, also for others; in another app account it is not', async () => {
    await invite()
    const ref = { id: meeting.id, password: meeting.password }
    const again = { callID: 'again', called: NUMBER, meeting: ref, family: FAMILY, ext: '' }
    expect(await b.call('calls.invite', again)).toBe('call.busy')
    const c = await join('c', 'another')
    const theirs = (await c.call('meetings.create', {
      subject: '',
      withPassword: false,
    })) as MeetingInfo
    const request = c.post('calls.invite', {
      ...again,
      meeting: { id: theirs.id, password: '' },
    })
    await settle(40)
    trunk.dialled.at(-1)?.ring()
    expect(await c.answer(request)).toEqual({})
    expect(trunk.dialled).toHaveLength(2)
    expect(a.frames.filter((f) => 'event' in f)).toEqual(
      expect.not.arrayContaining([expect.objectContaining({ event: 'calls.inviteStatus' })]),
    )
  })

  it('only members and the creator may ring a telephone', async () => {
    const c = await join('c')
    const ref = { id: meeting.id, password: meeting.password }
    const invite = { callID: 'x', called: NUMBER, meeting: ref, family: FAMILY, ext: '' }
    expect(await c.call('calls.invite', invite)).toBe('permission.denied')
    expect(trunk.dialled).toEqual([])
  })

  it('a user whose ID is a number is called as a user, not by telephone', async () => {
    await join('4915112345')
    const ref = { id: meeting.id, password: meeting.password }
    const invite = { callID: 'x', called: '4915112345', meeting: ref, family: FAMILY, ext: '' }
    expect(await a.call('calls.invite', invite)).toEqual({})
    expect(trunk.dialled).toEqual([])
  })

  it('inviter gone while it rings: it stops ringing; connected: it goes on', async () => {
    const { call } = await invite(NUMBER, b)
    await b.call('session.logout')
    expect(call.isHungUp).toBe(true)
    const { call: second } = await seated(NUMBER)
    await a.call('session.logout')
    expect(second.isHungUp).toBe(false)
  })

  it('07: it enters as a member with an open microphone, seen by who comes later', async () => {
    await seated()
    const member = {
      userID: NUMBER,
      nickName: '',
      audio: 2,
      video: 1,
      cameras: [],
      sending: [],
      defaultVideo: 0,
      multiVideo: false,
      phone: true,
    }
    expect(b.events('meetings.entered').map((e) => e.member)).toEqual([member])
    expect(b.events('members.audioStatus')).toEqual([{ userID: NUMBER, old: 2, now: 3 }])
    const c = await join('c')
    expect((await snapshot(c, 'c')).members).toContainEqual({ ...member, audio: 3 })
    expect(trunk.asked).toEqual(['join speaking'])
  })

  it('08 §2, §3: muted by others, asked to open, muted with all', async () => {
    await seated()
    expect(await b.call('members.close', { userID: NUMBER, kind: 'mic' })).toEqual({})
    expect(await b.call('members.askOpen', { userID: NUMBER, kind: 'mic' })).toEqual({})
    expect(await b.call('members.closeAllMics')).toEqual({})
    expect(await b.call('members.askOpen', { userID: NUMBER, kind: 'camera' })).toEqual({})
    await settle()
    expect(a.events('members.audioStatus').map((e) => e.now)).toEqual([3, 2, 3, 2])
    expect(trunk.asked).toEqual(['join speaking', 'mute', 'unmute', 'mute'])
  })

  it('muted while its sound is on its way into the room: it stays out', async () => {
    const { call } = await invite()
    call.answer()
    for (let i = 0; b.events('meetings.entered').length === 0 && i < 2_000; i++)
      await new Promise((resolve) => setImmediate(resolve))
    await b.call('members.close', { userID: NUMBER, kind: 'mic' })
    await settle(20)
    expect(trunk.asked.slice(1)).toEqual(trunk.asked[0] === 'join muted' ? [] : ['mute'])
  })

  it('08 §3: over MAX_OPEN_MICS it only hears', async () => {
    await start({ maxOpenMics: 1 })
    await b.call('members.openMic')
    await seated()
    expect(trunk.asked).toEqual(['join muted'])
    expect(a.events('members.audioStatus').filter((e) => e.userID === NUMBER)).toEqual([])
    expect(await a.call('members.askOpen', { userID: NUMBER, kind: 'mic' })).toBe('mic.limit')
    await b.call('members.close', { userID: 'b', kind: 'mic' })
    await b.call('members.askOpen', { userID: NUMBER, kind: 'mic' })
    await settle()
    expect(trunk.asked).toEqual(['join muted', 'unmute'])
  })

  it('hung up by a member: it leaves, and the inviter gets 4', async () => {
    const { call } = await seated()
    expect(await b.call('phones.hangUp', { userID: 'a' })).toBe('member.unknown')
    expect(await b.call('phones.hangUp', { userID: NUMBER })).toEqual({})
    await settle()
    expect(call.isHungUp).toBe(true)
    expect(a.events('meetings.left')).toEqual([{ userID: NUMBER, cause: 'left' }])
    expect(statuses(a)).toEqual([1, 4])
    expect(trunk.asked).toEqual(['join speaking', 'leave'])
  })

  it('07 §1.4, policy owner: only the creator mutes it and hangs it up', async () => {
    await start({ policy: 'owner' })
    const { call } = await seated()
    expect(await b.call('phones.hangUp', { userID: NUMBER })).toBe('permission.denied')
    expect(await b.call('members.close', { userID: NUMBER, kind: 'mic' })).toBe('permission.denied')
    expect(call.isHungUp).toBe(false)
    expect(await a.call('phones.hangUp', { userID: NUMBER })).toEqual({})
    expect(call.isHungUp).toBe(true)
  })

  it('a full meeting takes no telephone: it is hung up', async () => {
    await start({ maxMembers: 2 })
    const { call } = await invite()
    call.answer()
    for (let i = 0; !call.isHungUp && i < 400; i++) await settle(1)
    expect(call.isHungUp).toBe(true)
    await settle()
    expect(statuses(a)).toEqual([1, 4])
    expect(b.events('meetings.entered')).toEqual([])
  })

  it('its sound finds no way: it leaves and is hung up', async () => {
    trunk.refuseSound(new Error('no engine'))
    const { call } = await invite()
    call.answer()
    for (let i = 0; !call.isHungUp && i < 400; i++) await settle(1)
    await settle()
    expect(b.events('meetings.left')).toEqual([{ userID: NUMBER, cause: 'lost' }])
    expect(statuses(a)).toEqual([1, 4])
  })

  it('its sound is lost later: it is hung up', async () => {
    const { call } = await seated()
    trunk.lose(call)
    await settle()
    expect([call.isHungUp, statuses(a)]).toEqual([true, [1, 4]])
    expect(b.events('meetings.left')).toHaveLength(1)
  })

  it('nobody takes its seat over, whoever logs in with its number', async () => {
    await seated()
    const thief = await join(NUMBER)
    expect(await thief.enter(meeting.id, meeting.password, { userID: NUMBER })).toBe(
      'identity.taken',
    )
    expect(b.events('meetings.left')).toEqual([])
  })

  it('alone for 5 minutes it is hung up; who comes back in time keeps it', async () => {
    const { call } = await seated()
    await a.call('meetings.exit')
    await b.call('meetings.exit')
    pass(4 * 60_000, a, b)
    await snapshot(b, 'b')
    pass(5 * 60_000, a, b)
    expect(call.isHungUp).toBe(false)
    await b.call('meetings.exit')
    pass(5 * 60_000, a, b)
    await settle()
    expect(call.isHungUp).toBe(true)
    expect(statuses(a)).toEqual([1, 4])
    // Then the meeting is empty, and ends as any empty one.
    pass(LIMITS.empty, a, b)
    await settle(40)
    expect(await b.enter(meeting.id, meeting.password, { userID: 'b' })).toBe('meeting.unknown')
  })

  it('the meeting ends: ringing and connected telephones are hung up, 4 for each', async () => {
    const ringing = await invite('+49309999')
    const connected = await seated()
    expect(await a.call('meetings.destroy', { id: meeting.id })).toEqual({})
    await settle()
    expect([ringing.call.isHungUp, connected.call.isHungUp]).toEqual([true, true])
    expect(statuses(a).sort()).toEqual([1, 4, 4])
    expect(trunk.asked).toEqual(['join speaking', 'leave'])
  })

  it('two numbers are two members; the limit of telephones holds', async () => {
    for (let i = 0; i < LIMITS.phonesPerMeeting; i++) await seated(`+4930000${100 + i}`)
    const ref = { id: meeting.id, password: meeting.password }
    const more = { callID: 'more', called: '+4930999', meeting: ref, family: FAMILY, ext: '' }
    expect(await b.call('calls.invite', more)).toBe('phone.busy')
    expect(b.events('meetings.entered')).toHaveLength(LIMITS.phonesPerMeeting)
  })

  it('addresses can be called, anything else is nobody', async () => {
    await invite('sip:bob@example.org')
    const ref = { id: meeting.id, password: meeting.password }
    for (const called of ['bob', '12', 'http://example.org', '1'.repeat(33), 'sip:']) {
      const wrong = { callID: `w${called}`, called, meeting: ref, family: FAMILY, ext: '' }
      expect(await a.call('calls.invite', wrong)).toBe('call.no-user')
    }
    expect(trunk.dialled).toHaveLength(1)
  })
})

import { LIMITS, type MeetingInfo } from '@yuntang/protocol'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startTestApp, type TestApp, TestPage } from '../support/page.ts'

const NO_MEETING = { id: 0, password: '' }
let calls = 0
const newID = () => `call-${calls++}`

describe('03 §4: calls between pages', () => {
  let test: TestApp
  let a: TestPage
  let b: TestPage
  let account = ''
  const join = (userID: string, of = account) => new TestPage(test).login(userID, of)
  const call = (from: TestPage, called: string, callID = newID(), meeting: object = NO_MEETING) =>
    from.call('calls.call', { callID, called, meeting, ext: '' })
  const accept = (page: TestPage, callID: string, meeting: object = NO_MEETING) =>
    page.call('calls.accept', { callID, meeting, ext: 'hello' })
  const hangUp = (page: TestPage, callID: string, ext = '') =>
    page.call('calls.hangUp', { callID, ext })
  const create = async (page: TestPage, subject = 's') =>
    (await page.call('meetings.create', { subject, withPassword: true })) as MeetingInfo
  /** Time passes while these pages stay alive. */
  const pass = (ms: number, ...alive: TestPage[]) => {
    for (let t = 0; t < ms; t += LIMITS.heartbeat) {
      for (const page of alive) page.raw('{"ping":1}')
      test.clock.advance(Math.min(LIMITS.heartbeat, ms - t))
    }
  }
  const talk = async (callID = newID()) => {
    await call(a, 'b', callID)
    await accept(b, callID)
    return callID
  }

  beforeAll(async () => {
    test = await startTestApp()
  }, 60_000)
  afterAll(async () => {
    test.app.close()
    await test.storage.close()
  })
  // Every test has an app account of its own.
  beforeEach(async () => {
    account = newID()
    a = await join('a')
    b = await join('b')
  })

  it('03 §4.3: ringing, accepted with the meeting that counts, hung up with text', async () => {
    const first = await create(a, 'first')
    const second = await create(b, 'second')
    const extra = JSON.stringify({ mine: 1 })
    expect(await call(a, 'b', 'x', { id: first.id, password: first.password, extra })).toEqual({})
    expect(b.events('calls.incoming')).toEqual([
      {
        callID: 'x',
        kind: 'call',
        callerID: 'a',
        callerName: 'a',
        meeting: {
          id: first.id,
          password: first.password,
          subject: 'first',
          url: first.url,
          creator: 'a',
          memberCount: 0,
          extra,
        },
        ext: '',
      },
    ])
    await accept(b, 'x', { id: second.id, password: second.password })
    expect(a.events('calls.accepted')).toMatchObject([
      { callID: 'x', meeting: { id: second.id, subject: 'second' }, ext: 'hello' },
    ])
    await hangUp(a, 'x', 'bye')
    expect(b.events('calls.hungUp')).toEqual([{ callID: 'x', end: 'hungUp', ext: 'bye' }])
    expect(a.events('calls.hungUp')).toEqual([])
  })

  it('03 §4.2: what stands in the way, in the order of the table', async () => {
    const c = await join('c')
    await join('other', 'another account')
    const nowhere = { id: 10_000_000, password: '' }
    const guest = new TestPage(test)
    guest.hello()
    expect(await call(guest, 'b')).toBe('login.required')
    expect(await call(a, 'a')).toBe('param.invalid')
    expect(await call(a, '')).toBe('param.invalid')
    const ext = '中'.repeat(LIMITS.freeTextBytes / 3 + 1)
    const long = { callID: newID(), called: 'b', meeting: NO_MEETING, ext }
    expect(await a.call('calls.call', long)).toBe('param.invalid')
    expect(await call(a, 'nobody', newID(), nowhere)).toBe('meeting.unknown')
    expect(await call(a, 'nobody')).toBe('call.no-user')
    expect(await call(a, 'other')).toBe('call.no-user')
    await c.call('session.logout')
    expect(await call(a, 'c')).toBe('call.offline')
    await b.call('presence.setDnd', { value: 7 })
    expect(await call(a, 'b')).toBe('call.busy')
    await b.call('presence.setDnd', { value: 0 })
    const d = await join('d')
    expect(await call(d, 'b')).toEqual({})
    expect(await call(a, 'b')).toBe('call.busy')
    expect(await call(b, 'nobody', newID(), nowhere)).toBe('call.exists')
    expect(await call(d, 'a')).toBe('call.exists')
    expect(await call(a, 'd')).toBe('call.busy')
  })

  it('03 §4.2: of two crossing calls the first rings, the second caller gets 601 and the call', async () => {
    const [first, second] = await Promise.all([call(a, 'b', 'ab'), call(b, 'a', 'ba')])
    expect([first, second]).toEqual([{}, 'call.exists'])
    expect(b.events('calls.incoming').map((e) => e.callID)).toEqual(['ab'])
    expect(a.events('calls.incoming')).toEqual([])
  })

  it('03 §4.3: nobody rings longer than T_RING', async () => {
    await call(a, 'b', 'x')
    pass(LIMITS.ring - 1, a, b)
    expect(a.events('calls.rejected')).toEqual([])
    pass(1, a, b)
    expect(a.events('calls.rejected')).toEqual([{ callID: 'x', end: 'unanswered', ext: '' }])
    expect(b.events('calls.hungUp')).toEqual([{ callID: 'x', end: 'unanswered', ext: '' }])
    expect(await accept(b, 'x')).toBe('call.unknown')
    expect(await call(b, 'a')).toEqual({})
  })

  it('03 §4.3 races: both hang up together: both succeed, both hear of the other, once', async () => {
    const x = await talk()
    expect(await Promise.all([hangUp(a, x, '1'), hangUp(b, x, '2')])).toEqual([{}, {}])
    expect(b.events('calls.hungUp')).toEqual([{ callID: x, end: 'hungUp', ext: '1' }])
    expect(a.events('calls.hungUp')).toEqual([{ callID: x, end: 'hungUp', ext: '2' }])
    expect(await hangUp(a, x)).toBe('call.unknown')
    expect(await hangUp(b, x)).toBe('call.unknown')
  })

  it('00 §11: an ended call is forgotten after 60 s', async () => {
    const x = await talk()
    await hangUp(a, x)
    pass(LIMITS.callTombstone, a, b)
    expect(await hangUp(b, x)).toBe('call.unknown')
  })

  it('02 §5: a call rings for a link that is away, and the page hears of it on resume', async () => {
    const seen = b.seen
    b.cut()
    expect(await call(a, 'b', 'x')).toEqual({})
    b.resume(seen)
    expect(b.events('calls.incoming').map((e) => e.callID)).toEqual(['x'])
    expect(await accept(b, 'x')).toEqual({})
  })

  it('02 §5: ringing sessions that end: the caller hears 603, the called user that it is over', async () => {
    await call(a, 'b', 'x')
    b.cut(4001)
    expect(a.events('calls.rejected')).toEqual([{ callID: 'x', end: 'lost', ext: '' }])
    const again = await join('b')
    await call(a, 'b', 'y')
    a.cut(4001)
    expect(again.events('calls.hungUp')).toEqual([{ callID: 'y', end: 'lost', ext: '' }])
  })

  it('02 §3: a second login hears the ringing call after its login; its own calls are cancelled', async () => {
    await call(a, 'b', 'x')
    const fresh = await join('b')
    test.clock.advance(0)
    const frames = fresh.frames.map((f) => ('event' in f ? f.event : 'id' in f ? 'answer' : ''))
    expect(frames.indexOf('calls.incoming')).toBeGreaterThan(frames.indexOf('answer'))
    expect(fresh.events('calls.incoming').map((e) => e.callID)).toEqual(['x'])
    expect(a.events('calls.rejected')).toEqual([])
    const caller = await join('a')
    expect(fresh.events('calls.hungUp')).toEqual([{ callID: 'x', end: 'lost', ext: '' }])
    expect(caller.events('calls.rejected')).toEqual([])
  })

  it('03 §4.3: a deliberate logout ends a call at once', async () => {
    const x = await talk()
    await a.call('session.logout')
    expect(b.events('calls.hungUp')).toEqual([{ callID: x, end: 'lost', ext: '' }])
  })

  it('02 §5: an accepted call survives a reload and is there for the new login', async () => {
    const x = await talk()
    b.cut(4001)
    pass(LIMITS.session - 1, a)
    const fresh = await join('b')
    pass(LIMITS.session, a, fresh)
    expect(a.events('calls.hungUp')).toEqual([])
    expect(await fresh.call('calls.current')).toMatchObject({
      calls: [{ callID: x, direction: 'in', peerID: 'a', peerName: 'a', accepted: true }],
    })
    expect(await hangUp(fresh, x)).toEqual({})
    expect(a.events('calls.hungUp')).toHaveLength(1)
  })

  it('02 §5: T_SESSION counts from the loss of the link; then the other side hears of the end', async () => {
    const x = await talk()
    b.cut()
    pass(LIMITS.session - 1, a)
    expect(a.events('calls.hungUp')).toEqual([])
    pass(1, a)
    expect(a.events('calls.hungUp')).toEqual([{ callID: x, end: 'lost', ext: '' }])
  })

  it('03 §4.3: a meeting that ends takes its calls with it', async () => {
    const m = await create(a)
    const c = await join('c')
    const d = await join('d')
    const meeting = { id: m.id, password: m.password }
    await call(a, 'b', 'x', meeting)
    await accept(b, 'x')
    await call(c, 'd', 'y', meeting)
    await a.call('meetings.destroy', { id: m.id })
    const over = (callID: string) => [{ callID, end: 'meetingEnded', ext: '' }]
    expect(a.events('calls.hungUp')).toEqual(over('x'))
    expect(b.events('calls.hungUp')).toEqual(over('x'))
    expect(c.events('calls.rejected')).toEqual(over('y'))
    expect(d.events('calls.hungUp')).toEqual(over('y'))
  })

  it('03 §1: a meeting that ends while a call looks it up leaves no call behind', async () => {
    const m = await create(a)
    await Promise.all([
      a.call('meetings.destroy', { id: m.id }),
      call(b, 'a', 'x', { id: m.id, password: m.password }),
    ])
    expect(await a.call('calls.current')).toEqual({ calls: [] })
  })

  it('hanging up right after calling acts on the call, in order', async () => {
    const [started, ended] = await Promise.all([call(a, 'b', 'x'), hangUp(a, 'x', 'no')])
    expect([started, ended]).toEqual([{}, {}])
    expect(b.events('calls.hungUp')).toEqual([{ callID: 'x', end: 'cancelled', ext: 'no' }])
  })

  it('00 §1: users and calls of another app account are invisible', async () => {
    const stranger = await join('a', 'another account')
    const x = newID()
    await call(a, 'b', x)
    expect(await hangUp(stranger, x)).toBe('call.unknown')
    expect(await stranger.call('calls.current')).toEqual({ calls: [] })
    const m = await create(a)
    const e = await join('e', 'another account')
    expect(await call(stranger, 'e', newID(), { id: m.id, password: '' })).toBe('meeting.unknown')
    expect(e.events('calls.incoming')).toEqual([])
  })

  describe('03 §6, §7: invites', () => {
    let m: MeetingInfo
    const invite = (from: TestPage, called: string, callID: string, id = m.id) =>
      from.call('calls.invite', {
        callID,
        called,
        meeting: { id, password: m.password },
        ext: 'come',
        family: 'callMoreParty',
      })
    const cancel = (callID: string, family = 'callMoreParty') =>
      a.call('calls.cancelInvite', { callID, family, ext: 'sorry' })
    const statuses = () => a.events('calls.inviteStatus').map((e) => e.status)

    beforeEach(async () => {
      m = await create(a)
    })

    it('errors in order, telephone numbers with 605', async () => {
      const c = await join('c')
      expect(await invite(a, 'a', newID())).toBe('param.invalid')
      expect(await invite(a, 'b', newID(), 0)).toBe('param.invalid')
      expect(await invite(a, 'b', newID(), 10_000_000)).toBe('meeting.unknown')
      expect(await invite(c, 'b', newID())).toBe('permission.denied')
      for (const phone of ['tel:+4930123', 'sip:x@y.example', '+49 30 123', '10086'])
        expect(await invite(a, phone, newID())).toBe('call.no-user')
      await b.call('presence.setDnd', { value: 1 })
      expect(await invite(a, 'b', newID())).toBe('call.busy')
      await c.enter(m.id, m.password)
      expect(await invite(c, 'a', newID())).toEqual({})
      expect(await invite(a, 'c', newID())).toEqual({})
    })

    it('connected, then the inviter leaves and logs out: the invite lives on', async () => {
      expect(await invite(a, 'b', 'i')).toEqual({})
      expect(b.events('calls.incoming')).toMatchObject([
        { callID: 'i', kind: 'invite', callerID: 'a', ext: 'come' },
      ])
      expect(await accept(b, 'i')).toEqual({})
      expect(statuses()).toEqual([1])
      expect(a.events('calls.accepted')).toEqual([])
      expect(await call(a, 'b')).toBe('call.busy')
      await a.call('session.logout')
      expect(b.events('calls.hungUp')).toEqual([])
      expect(await hangUp(b, 'i')).toEqual({})
    })

    it('refused, unanswered, lost, hung up and ended with the meeting', async () => {
      await invite(a, 'b', 'i1')
      await b.call('calls.reject', { callID: 'i1', ext: '' })
      await invite(a, 'b', 'i2')
      pass(LIMITS.ring, a, b)
      await invite(a, 'b', 'i3')
      b.cut(4001)
      b = await join('b')
      await invite(a, 'b', 'i4')
      await accept(b, 'i4')
      await hangUp(b, 'i4')
      await invite(a, 'b', 'i5')
      await a.call('meetings.destroy', { id: m.id })
      expect(statuses()).toEqual([2, 3, 3, 1, 4, 4])
      expect(b.events('calls.hungUp')).toEqual([{ callID: 'i5', end: 'meetingEnded', ext: '' }])
    })

    it('cancelled by its inviter in its family only, ringing or connected', async () => {
      await invite(a, 'b', 'i')
      expect(await cancel('i', 'clientInvite')).toBe('call.unknown')
      expect(
        await b.call('calls.cancelInvite', { callID: 'i', family: 'callMoreParty', ext: '' }),
      ).toBe('call.unknown')
      await accept(b, 'i')
      expect(await cancel('i')).toEqual({})
      expect(b.events('calls.hungUp')).toEqual([{ callID: 'i', end: 'cancelled', ext: 'sorry' }])
      expect(statuses()).toEqual([1])
      expect(await cancel('i')).toBe('call.unknown')
    })
  })
})

import { LIMITS, type MeetingInfo } from '@yuntang/protocol'
import fastify from 'fastify'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { addUnloadRoute } from '../../src/gateway/unload.ts'
import type { Storage } from '../../src/storage/port.ts'
import { startTestApp, type TestApp, TestPage } from '../support/page.ts'
import { createTestStorage, wipeTestStorage } from '../support/test-storage.ts'

describe('several members on one server', () => {
  let test: TestApp
  let storage: Storage
  const join = (userID: string, account?: string) => new TestPage(test).login(userID, account)
  const create = async (page: TestPage, withPassword = false) =>
    (await page.call('meetings.create', { subject: 's', withPassword })) as MeetingInfo

  beforeAll(async () => {
    storage = await createTestStorage()
  }, 60_000)
  beforeEach(async () => {
    test = await startTestApp({}, { storage })
  })
  afterEach(async () => {
    await test.app.close()
    await wipeTestStorage(storage)
  })
  afterAll(() => storage.close())

  it('07 §2: errors of entering: no login 9, bad number 5, unknown 800, wrong password 801', async () => {
    const guest = new TestPage(test)
    guest.hello()
    expect(await guest.enter(12345678)).toBe('login.required')
    const a = await join('a')
    const m = await create(a, true)
    expect(await a.enter(-1)).toBe('param.invalid')
    expect(await a.enter(10_000_000)).toBe('meeting.unknown')
    expect(await a.enter(m.id, 'no')).toBe('meeting.password')
    expect(await a.enter(m.id, m.password)).toMatchObject({ me: 'a', members: [{ userID: 'a' }] })
  })

  it('07 §2, §3: others hear of entering and leaving, the entrant of nobody', async () => {
    const [a, b] = [await join('a'), await join('b')]
    const m = await create(a)
    await a.enter(m.id)
    await b.enter(m.id)
    expect(a.events('meetings.entered').map((e) => e.member.userID)).toEqual(['b'])
    expect(b.events('meetings.entered')).toEqual([])
    await b.call('meetings.exit')
    expect(a.events('meetings.left')).toEqual([{ userID: 'b', cause: 'left' }])
  })

  it('02 §5: a page that comes back in time gets exactly what it missed', async () => {
    const [a, b] = [await join('a'), await join('b')]
    const m = await create(a)
    await a.enter(m.id)
    await b.enter(m.id)
    const seen = a.seen
    a.cut()
    await b.call('members.openMic')
    await b.call('members.close', { userID: 'b', kind: 'mic' })
    a.resume(seen)
    const numbers = a.frames.flatMap((f) => ('seq' in f ? [f.seq] : []))
    expect(new Set(numbers).size).toBe(numbers.length)
    expect(a.events('members.audioStatus').map((e) => e.now)).toEqual([3, 2])
    expect(b.events('meetings.left')).toEqual([])
  })

  it('07 §5.2: after T_RESUME the seat is gone and others are told', async () => {
    const [a, b] = [await join('a'), await join('b')]
    const m = await create(a)
    await a.enter(m.id)
    await b.enter(m.id)
    b.cut()
    for (let t = 0; t < LIMITS.resume; t += LIMITS.heartbeat) {
      expect(a.events('meetings.left')).toEqual([])
      a.raw('{"ping":1}')
      test.clock.advance(LIMITS.heartbeat)
    }
    expect(a.events('meetings.left')).toEqual([{ userID: 'b', cause: 'lost' }])
    b.resume()
    expect(b.frames.at(-1)).toMatchObject({ refused: { code: 'session.unknown' } })
  })

  it('00 §10: an unload counts as T_RESUME already over', async () => {
    const [a, b] = [await join('a'), await join('b')]
    const m = await create(a)
    await a.enter(m.id)
    await b.enter(m.id)
    b.cut(4001)
    expect(a.events('meetings.left')).toEqual([{ userID: 'b', cause: 'lost' }])
  })

  it('07 §3: a beacon with the secret of a link is an unload; another text is nothing', async () => {
    const [a, b] = [await join('a'), await join('b')]
    const m = await create(a)
    await a.enter(m.id)
    await b.enter(m.id)
    const http = fastify()
    addUnloadRoute(http, test.app.gateway)
    const post = (payload: string) =>
      http.inject({
        method: 'POST',
        url: '/api/unload',
        payload,
        headers: { 'content-type': 'text/plain;charset=UTF-8' },
      })
    expect((await post('x'.repeat(43))).statusCode).toBe(204)
    expect((await post('x'.repeat(129))).statusCode).toBe(413)
    expect(a.events('meetings.left')).toEqual([])
    expect((await post(b.token)).statusCode).toBe(204)
    expect(a.events('meetings.left')).toEqual([{ userID: 'b', cause: 'lost' }])
    await http.close()
  })

  it('03 §2, §9: who may end a meeting, and who is told', async () => {
    const [a, b, c] = [await join('a'), await join('b'), await join('c')]
    const m = await create(a)
    await b.enter(m.id)
    await a.enter(m.id)
    expect(await c.call('meetings.destroy', { id: m.id })).toBe('permission.denied')
    expect(await b.call('meetings.destroy', { id: m.id })).toEqual({})
    expect(a.events('meetings.stopped')).toEqual([{ id: m.id }])
    expect(b.events('meetings.stopped')).toEqual([])
    expect(await a.enter(m.id)).toBe('meeting.unknown')
  })

  it('03 §1: an empty meeting ends after T_EMPTY, an occupied one does not', async () => {
    const a = await join('a')
    const m = await create(a)
    await a.enter(m.id)
    for (let t = 0; t < LIMITS.empty; t += LIMITS.heartbeat) {
      a.raw('{"ping":1}')
      test.clock.advance(LIMITS.heartbeat)
    }
    expect(await test.storage.meetings.find(m.id)).not.toBeNull()
    await a.call('meetings.exit')
    test.clock.advance(LIMITS.empty)
    await expect.poll(() => test.storage.meetings.find(m.id)).toBeNull()
  })

  it('00 §1: users of other app accounts see neither meetings nor logins of this one', async () => {
    const [a, x] = [await join('same'), await join('same', 'other')]
    await create(a)
    expect(a.events('session.lineOff')).toEqual([])
    expect(await x.call('meetings.list')).toEqual({ meetings: [] })
  })

  it('08 §2.1: asking is forwarded to the asked page only, and not when it is open already', async () => {
    const [a, b] = [await join('a'), await join('b')]
    const m = await create(a)
    await a.enter(m.id)
    await b.enter(m.id)
    await a.call('members.askOpen', { userID: 'b', kind: 'mic' })
    await b.call('members.openMic')
    await a.call('members.askOpen', { userID: 'b', kind: 'mic' })
    expect(b.events('members.openRequested')).toEqual([{ by: 'a', kind: 'mic' }])
    expect(a.events('members.openRequested')).toEqual([])
    expect(await a.call('members.askOpen', { userID: 'nobody', kind: 'mic' })).toBe(
      'member.unknown',
    )
  })

  it.each(['', '{', '[]', '{"id":1}', '{"id":9,"method":"constructor","params":{}}'])(
    'a frame %j before the greeting costs only its sender',
    (text) => {
      const page = new TestPage(test)
      page.raw(text)
      expect(page.frames).toMatchObject([{ refused: { code: 'frame.invalid' } }])
      expect(page.closed).not.toBeNull()
    },
  )

  it('a link that sends too much is refused, one that says nothing goes away', async () => {
    const a = await join('a')
    for (let i = 0; i < 400; i++) a.raw(JSON.stringify({ id: 1000 + i, method: 'meetings.list' }))
    await expect
      .poll(() => a.frames.filter((f) => 'error' in f && f.error?.code === 'rate.exceeded').length)
      .toBeGreaterThan(100)
    test.clock.advance(60_000)
    expect(a.closed).not.toBeNull()
    expect(test.app.gateway.size).toBe(0)
  })
})

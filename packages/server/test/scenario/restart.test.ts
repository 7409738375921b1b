import { LIMITS, type MeetingInfo } from '@yuntang/protocol'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Storage } from '../../src/storage/port.ts'
import { restartTestApp, startTestApp, type TestApp, TestPage } from '../support/page.ts'
import { createTestStorage, wipeTestStorage } from '../support/test-storage.ts'

describe('a server that is killed and started again within T_RESUME', () => {
  let storage: Storage
  let test: TestApp
  let a: TestPage
  let b: TestPage
  let meeting: MeetingInfo
  const pass = (ms: number, ...alive: TestPage[]) => {
    for (let t = 0; t < ms; t += 1_000) {
      test.clock.advance(1_000)
      for (const page of alive) page.raw('{"ping":1}')
    }
  }

  beforeAll(async () => {
    storage = await createTestStorage()
  }, 60_000)
  beforeEach(async () => {
    test = await startTestApp({}, { storage })
    a = await new TestPage(test).login('a')
    b = await new TestPage(test).login('b')
    meeting = (await a.call('meetings.create', { subject: 's', withPassword: true })) as MeetingInfo
    await b.enter(meeting.id, meeting.password)
    await a.enter(meeting.id, meeting.password)
    await b.call('members.openMic')
  })
  afterEach(async () => {
    await test.app.close()
    expect(await storage.sessions.all()).toEqual([])
    await wipeTestStorage(storage)
  })
  afterAll(() => storage.close())

  it('02 §5: who comes back later keeps the login, though others acted meanwhile', async () => {
    test = await restartTestApp(test)
    b.resume(b.seen, test)
    await b.call('members.close', { userID: 'b', kind: 'mic' })
    const seen = a.seen
    a.resume(seen, test)
    expect(a.closed).toBeNull()
    expect(a.frames.at(-1)).toMatchObject({ event: 'session.resync' })
    const numbers = a.frames.flatMap((f) => ('seq' in f && f.seq > seen ? [f.seq] : []))
    expect(numbers.length).toBeGreaterThan(0)
    await b.call('members.openMic')
    expect(a.events('members.audioStatus').at(-1)).toMatchObject({ userID: 'b', now: 3 })
  })

  it('logins and seats resume: nobody logs in or enters again, the numbers go on', async () => {
    test = await restartTestApp(test)
    const seen = a.seen
    a.resume(seen, test)
    b.resume(b.seen, test)
    expect(a.frames.at(-2)).toMatchObject({ hello: { resumed: true, restarted: true, taken: 0 } })
    expect(a.frames.at(-1)).toMatchObject({ seq: seen + 1 })
    expect(a.events('session.resync')).toMatchObject([
      {
        meeting: {
          id: meeting.id,
          subject: 's',
          me: 'a',
          url: meeting.url,
          members: [
            { userID: 'b', audio: 3 },
            { userID: 'a', audio: 2 },
          ],
        },
      },
    ])
    expect(await a.call('meetings.list')).toMatchObject({
      meetings: [{ id: meeting.id, memberCount: 2 }],
    })
    await a.call('members.openMic')
    expect(b.events('members.audioStatus').at(-1)).toEqual({ userID: 'a', old: 2, now: 3 })
    expect(b.events('meetings.entered')).toHaveLength(1)
    expect(b.events('meetings.left')).toEqual([])
  })

  it('a member who does not come back within T_RESUME leaves', async () => {
    test = await restartTestApp(test)
    a.resume(a.seen, test)
    pass(LIMITS.resume - 1_000, a)
    expect(a.events('meetings.left')).toEqual([])
    pass(2_000, a)
    expect(a.events('meetings.left')).toEqual([{ userID: 'b', cause: 'lost' }])
    b.resume(b.seen, test)
    expect(b.frames.at(-1)).toMatchObject({ refused: { code: 'session.unknown' } })
  })

  it('who left, logged out or was thrown out before the kill does not come back', async () => {
    await b.call('meetings.exit')
    const old = await new TestPage(test).login('c')
    await old.enter(meeting.id, meeting.password)
    const fresh = await new TestPage(test).login('c')
    const out = await new TestPage(test).login('d')
    await out.call('session.logout')
    test = await restartTestApp(test)
    b.resume(b.seen, test)
    expect(b.events('session.resync')).toEqual([{ meeting: null }])
    expect(await b.call('meetings.list')).toMatchObject({ meetings: [{ memberCount: 1 }] })
    for (const page of [old, out]) {
      page.resume(page.seen, test)
      expect(page.frames.at(-1)).toMatchObject({ refused: { code: 'session.unknown' } })
    }
    fresh.resume(fresh.seen, test)
    expect(await fresh.call('meetings.list')).toMatchObject({ meetings: [{ memberCount: 1 }] })
  })

  it('an occupied meeting does not end while its members may return; then T_EMPTY runs', async () => {
    test = await restartTestApp(test)
    pass(LIMITS.resume + 1_000)
    expect(await storage.meetings.find(meeting.id)).not.toBeNull()
    test.clock.advance(LIMITS.empty)
    await expect.poll(() => storage.meetings.find(meeting.id)).toBeNull()
  })

  it('07 §5.3: the proof of a login is good after the restart, too', async () => {
    test = await restartTestApp(test)
    a.resume(a.seen, test)
    const back = new TestPage(test, b.instance)
    back.hello()
    const entered = await back.enter(meeting.id, meeting.password, { userID: 'b', proof: b.proof })
    expect(entered).toMatchObject({ me: 'b' })
    expect(a.events('meetings.left')).toEqual([])
    expect(a.events('members.audioStatus').at(-1)).toEqual({ userID: 'b', old: 3, now: 2 })
  })

  it('a meeting made twice by one request is one meeting', async () => {
    const params = { subject: 'once', withPassword: false, key: 'request-key-1' }
    const first = await a.call('meetings.create', params)
    test = await restartTestApp(test)
    a.resume(a.seen, test)
    expect(await a.call('meetings.create', params)).toEqual(first)
    const both = await Promise.all(
      [1, 2].map(() => a.call('meetings.create', { ...params, key: 'request-key-2' })),
    )
    expect(both[0]).toEqual(both[1])
    expect(((await a.call('meetings.list')) as { meetings: object[] }).meetings).toHaveLength(3)
  })

  it('a second greeting, when the first was lost on its way, says the same', async () => {
    test = await restartTestApp(test)
    const seen = a.seen
    a.resume(seen, test)
    a.cut()
    a.resume(seen)
    const hellos = a.frames.flatMap((f) =>
      'hello' in f ? [f.hello as { restarted?: boolean }] : [],
    )
    expect(hellos.map((h) => h.restarted)).toEqual([undefined, true, true])
    expect(a.events('session.resync')).toHaveLength(2)
    a.raw(JSON.stringify({ ack: a.seen }))
    a.cut()
    a.resume()
    expect(a.frames.at(-1)).not.toHaveProperty('hello.restarted')
  })

  it('only hashes are stored: neither the link secret nor the proof', async () => {
    const stored = JSON.stringify(await storage.sessions.all())
    expect(stored).toContain('"userID\\":\\"a\\"')
    for (const secret of [a.token, a.proof, b.token, b.proof]) expect(stored).not.toContain(secret)
  })

  it('a session that another version wrote otherwise is forgotten, the others resume', async () => {
    await storage.sessions.save([{ tokenHash: 'x', savedAt: 0, data: '{"odd":1}' }], [])
    test = await restartTestApp(test)
    expect(test.app.gateway.size).toBe(2)
    expect((await storage.sessions.all()).map((s) => s.tokenHash)).not.toContain('x')
  })

  it('a second restart before anybody came back changes nothing', async () => {
    test = await restartTestApp(test)
    test = await restartTestApp(test)
    a.resume(a.seen, test)
    expect(a.events('session.resync')).toMatchObject([
      { meeting: { members: [{ userID: 'b' }, { userID: 'a' }] } },
    ])
  })

  it('writes are cheap: an event that changes no device costs none', async () => {
    let writes = 0
    const save = storage.sessions.save
    storage.sessions.save = (keep, forget) => {
      writes += 1
      return save.call(storage.sessions, keep, forget)
    }
    await a.call('members.askOpen', { userID: 'b', kind: 'camera' })
    await a.call('rtc.watch', { videos: [] })
    await a.call('meetings.list')
    expect(writes).toBe(0)
    await a.call('members.openMic')
    expect(writes).toBe(1)
    storage.sessions.save = save
  })
})

import { LIMITS, type MeetingInfo } from '@yuntang/protocol'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Storage } from '../../src/storage/port.ts'
import { startTestApp, type TestApp, TestPage } from '../support/page.ts'
import { createTestStorage, wipeTestStorage } from '../support/test-storage.ts'

describe('a seat whose page changes', () => {
  let storage: Storage
  let test: TestApp
  let watcher: TestPage
  let id: number
  const join = async (userID: string, instance?: string) => {
    const page = new TestPage(test, instance)
    return await page.login(userID)
  }
  const comeAndGo = () =>
    watcher.events('meetings.entered').length + watcher.events('meetings.left').length
  /** Time passes while these pages say that they are there. */
  const pass = (ms: number, ...alive: TestPage[]) => {
    for (let t = 0; t < ms; t += 1_000) {
      test.clock.advance(Math.min(1_000, ms - t))
      for (const page of [watcher, ...alive]) page.raw('{"ping":1}')
    }
  }
  const open = async (page: TestPage) => {
    await page.enter(id)
    await page.call('members.openMic')
    await page.call('members.openCamera', { sending: [1] })
  }

  beforeAll(async () => {
    storage = await createTestStorage()
  }, 60_000)
  beforeEach(async () => {
    test = await startTestApp({}, { storage })
    watcher = await join('w')
    id = (
      (await watcher.call('meetings.create', { subject: 's', withPassword: false })) as MeetingInfo
    ).id
    await watcher.enter(id)
  })
  afterEach(async () => {
    await test.app.close()
    await new Promise((resolve) => setImmediate(resolve))
    expect(test.clock.pending()).toBe(0)
    await wipeTestStorage(storage)
  })
  afterAll(() => storage.close())

  it('07 §5.3: a suspended seat is taken over after a new login: no pair, devices close, 1 seat', async () => {
    const old = await join('u')
    await open(old)
    expect(comeAndGo()).toBe(1)
    old.cut()
    pass(5_000)
    const fresh = await join('u')
    expect(await fresh.enter(id)).toMatchObject({
      members: [{ userID: 'w' }, { userID: 'u', audio: 2 }],
    })
    expect(comeAndGo()).toBe(1)
    expect(watcher.events('members.audioStatus').map((e) => e.now)).toEqual([3, 2])
    expect(watcher.events('members.videoStatus').map((e) => e.now)).toEqual([3, 2])
    expect(test.calls.filter((c) => c.startsWith('closePeer'))).toHaveLength(1)
    pass(LIMITS.resume + LIMITS.dead, fresh)
    expect(comeAndGo()).toBe(1)
    old.resume()
    expect(old.events('session.lineOff')).toEqual([])
    expect(old.frames.at(-1)).toMatchObject({ refused: { code: 'session.unknown' } })
  })

  it('02 §3, 07 §5.4: a second login tells the first page 10 after its meeting; others see no pair', async () => {
    const old = await join('u')
    await open(old)
    const fresh = await join('u')
    const told = old.frames.flatMap((f) =>
      'event' in f && f.event !== 'members.audioStatus' ? [f.event] : [],
    )
    expect(told.slice(-2)).toEqual(['meetings.dropped', 'session.lineOff'])
    expect(old.events('meetings.dropped')).toEqual([{ id, reason: 1 }])
    await fresh.enter(id)
    expect(comeAndGo()).toBe(1)
  })

  it('07 §2 UserLeftMeeting: replaced and not returned: others hear of the leaving after T_RESUME', async () => {
    await open(await join('u'))
    const fresh = await join('u')
    pass(LIMITS.resume - 1_000, fresh)
    expect(watcher.events('meetings.left')).toEqual([])
    pass(1_000, fresh)
    expect(watcher.events('meetings.left')).toEqual([{ userID: 'u', cause: 'lost' }])
    expect(await fresh.enter(id)).toMatchObject({ me: 'u' })
    expect(comeAndGo()).toBe(3)
  })

  it.each([
    ['logs out', async (page: TestPage) => await page.call('session.logout')],
    [
      'enters another meeting',
      async (page: TestPage) => {
        const other = (await page.call('meetings.create', {
          subject: 'o',
          withPassword: false,
        })) as MeetingInfo
        await page.enter(other.id)
      },
    ],
  ])('07 §5.4: nobody waits for a replaced user who %s', async (_, act) => {
    await open(await join('u'))
    await act(await join('u'))
    expect(watcher.events('meetings.left')).toEqual([{ userID: 'u', cause: 'lost' }])
  })

  it('07 §5.4: the loser may not take the seat back for 30 s, then it may', async () => {
    const first = await join('u', 'instance-first')
    await open(first)
    const second = await join('u', 'instance-second')
    await second.enter(id)
    const back = await join('u', 'instance-first')
    expect(await back.enter(id)).toBe('seat.taken-over')
    pass(LIMITS.takeover - 1_000, back)
    expect(await back.enter(id)).toBe('seat.taken-over')
    pass(1_000, back)
    expect(await back.enter(id)).toMatchObject({ me: 'u' })
  })

  it('07 §5.4: a page that logs in again by itself is no stranger to its own seat', async () => {
    await open(await join('u', 'instance-same'))
    const again = await join('u', 'instance-same')
    expect(await again.enter(id)).toMatchObject({ me: 'u' })
    expect(comeAndGo()).toBe(1)
    const third = await join('u', 'instance-same')
    expect(await third.enter(id)).toMatchObject({ me: 'u' })
  })

  describe('07 §5.3: coming back with the proof of a lost login', () => {
    const guest = (instance?: string) => {
      const page = new TestPage(test, instance)
      page.hello()
      return page
    }
    const enterAs = (page: TestPage, userID: string, proof: string, meeting = id) =>
      page.enter(meeting, '', { userID, proof })

    it('works while the server still holds the old link, without a pair; the login does not come back', async () => {
      const old = await join('u')
      await open(old)
      const back = guest(old.instance)
      expect(await enterAs(back, 'u', old.proof)).toMatchObject({ me: 'u' })
      expect(comeAndGo()).toBe(1)
      expect(await back.call('meetings.list')).toBe('login.required')
      expect(test.app.gateway.size).toBe(2)
    })

    it('works until T_SESSION after the loss, for this meeting and this user only', async () => {
      const old = await join('u')
      await open(old)
      const other = (await watcher.call('meetings.create', {
        subject: 'o',
        withPassword: false,
      })) as MeetingInfo
      old.cut()
      pass(LIMITS.resume)
      expect(watcher.events('meetings.left')).toEqual([{ userID: 'u', cause: 'lost' }])
      const back = guest()
      expect(await enterAs(back, 'u', old.proof, other.id)).toBe('login.required')
      expect(await enterAs(back, 'w', old.proof)).toBe('identity.taken')
      expect(await enterAs(back, 'u', 'x'.repeat(43))).toBe('login.required')
      pass(LIMITS.session - 2_000, back)
      expect(await enterAs(back, 'u', old.proof)).toMatchObject({ me: 'u' })
      await back.call('meetings.exit')
      pass(3_000, back)
      expect(await enterAs(back, 'u', old.proof)).toBe('login.required')
    })

    it('is refused after a line-off by a second login', async () => {
      const old = await join('u')
      await open(old)
      await join('u')
      expect(await enterAs(guest(), 'u', old.proof)).toBe('login.required')
    })
  })

  it('07 §2: an entry that starts anew closes what the page had open; nobody sees a pair', async () => {
    const page = await join('u')
    await open(page)
    expect(await page.enter(id)).toMatchObject({
      members: [{ userID: 'w' }, { userID: 'u', audio: 3 }],
    })
    expect(await page.enter(id, '', { fresh: true })).toMatchObject({
      members: [{ userID: 'w' }, { userID: 'u', audio: 2, video: 2 }],
    })
    expect(page.events('meetings.dropped')).toEqual([])
    expect(watcher.events('members.audioStatus').map((e) => e.now)).toEqual([3, 2])
    expect(comeAndGo()).toBe(1)
  })
})

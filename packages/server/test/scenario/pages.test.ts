import { FIRST_PAGES, LIMITS, type MeetingInfo, type MeetingSnapshot } from '@yuntang/protocol'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Storage } from '../../src/storage/port.ts'
import { restartTestApp, startTestApp, type TestApp, TestPage } from '../support/page.ts'
import { createTestStorage, wipeTestStorage } from '../support/test-storage.ts'

describe('11 §2–4: page, wall and main video of a meeting', () => {
  let test: TestApp
  let storage: Storage
  let a: TestPage
  let b: TestPage
  let meeting: MeetingInfo
  const names = (page: TestPage) =>
    page.frames.flatMap((f) => ('event' in f && f.event.startsWith('pages.') ? [f.event] : []))
  const late = async (userID = 'late') => {
    const page = await new TestPage(test).login(userID)
    return (await page.enter(meeting.id)) as MeetingSnapshot
  }

  beforeAll(async () => {
    storage = await createTestStorage()
  }, 60_000)
  beforeEach(async () => {
    test = await startTestApp({}, { storage })
    a = await new TestPage(test).login('a')
    b = await new TestPage(test).login('b')
    meeting = (await a.call('meetings.create', {
      subject: 's',
      withPassword: false,
    })) as MeetingInfo
    expect(await a.enter(meeting.id)).toMatchObject({ pages: FIRST_PAGES })
    await b.enter(meeting.id)
  })
  afterEach(async () => {
    await test.app.close()
    await wipeTestStorage(storage)
  })
  afterAll(() => storage.close())

  it('a switch is told to all in one order, the actor included', async () => {
    const first = a.post('pages.switch', { main: 1, sub: 's1' })
    const second = b.post('pages.switch', { main: 0, sub: 's2' })
    await a.answer(first)
    await b.answer(second)
    const order = [
      { main: 1, sub: 's1', by: 'a' },
      { main: 0, sub: 's2', by: 'b' },
    ]
    expect(a.events('pages.switched')).toEqual(order)
    expect(b.events('pages.switched')).toEqual(order)
    expect(await late()).toMatchObject({ pages: { main: 0, sub: 's2', by: 'b' } })
  })

  it('11 §2: a board that does not exist is kept as none', async () => {
    await a.call('pages.switch', { main: 2, sub: 'no-board' })
    expect(b.events('pages.switched')).toEqual([{ main: 2, sub: '', by: 'a' }])
    expect(await a.call('pages.switch', { main: 3, sub: '' })).toBe('param.invalid')
  })

  it('11 §3: any integer is a wall mode; it is told also when it stays', async () => {
    for (const mode of [9, 9, -1, 4711]) await a.call('pages.setWall', { mode })
    expect(b.events('pages.wall').map(({ mode }) => mode)).toEqual([9, 9, -1, 4711])
    expect(a.events('pages.wall')).toHaveLength(4)
    expect(await late()).toMatchObject({ pages: { wall: 4711, wallBy: 'a' } })
  })

  it('07 §2: the main video leaves: first it is told that the user left, then (leaver, "")', async () => {
    await b.call('pages.setMainVideo', { userID: 'nobody' })
    await a.call('pages.setMainVideo', { userID: 'b' })
    await a.call('pages.setMainVideo', { userID: 'b' })
    await b.call('meetings.exit')
    const told = a.frames.flatMap((f) =>
      'event' in f && /^(pages|meetings)\./.test(f.event) ? [[f.event, f.data]] : [],
    )
    expect(told.slice(-3)).toEqual([
      ['pages.mainVideo', { userID: 'b', by: 'a' }],
      ['meetings.left', { userID: 'b', cause: 'left' }],
      ['pages.mainVideo', { userID: '', by: 'b' }],
    ])
    expect(names(a)).toEqual(['pages.mainVideo', 'pages.mainVideo'])
    expect(await late()).toMatchObject({ pages: { mainVideo: '', mainVideoBy: 'b' } })
  })

  it('07 §1.5: when the last member leaves, page and wall stay until the meeting ends', async () => {
    await a.call('pages.switch', { main: 1, sub: '' })
    await a.call('pages.setWall', { mode: 7 })
    await a.call('meetings.exit')
    await b.call('meetings.exit')
    expect(await late()).toMatchObject({ pages: { main: 1, by: 'a', wall: 7 } })
  })

  it('07 §1.4: under the policy `owner` only the owner directs', async () => {
    await test.app.close()
    test = await restartTestApp(test, { policy: 'owner' })
    a = await new TestPage(test).login('a')
    b = await new TestPage(test).login('b')
    await a.enter(meeting.id)
    await b.enter(meeting.id)
    expect(await b.call('pages.switch', { main: 1, sub: '' })).toBe('permission.denied')
    expect(await b.call('pages.setWall', { mode: 1 })).toBe('permission.denied')
    expect(await b.call('pages.setMainVideo', { userID: 'b' })).toBe('permission.denied')
    expect(await a.call('pages.setWall', { mode: 1 })).toEqual({})
    expect(names(b)).toEqual(['pages.wall'])
    expect(await b.call('im.send', { text: 'I may', to: '', key: 'k' })).toMatchObject({ seq: 1 })
  })

  it('a page that was away hears on resume what it missed, in order', async () => {
    const { seen } = b
    b.cut()
    await a.call('pages.setWall', { mode: 4 })
    await a.call('pages.switch', { main: 1, sub: '' })
    await a.call('pages.setMainVideo', { userID: 'a' })
    b.resume(seen)
    expect(names(b)).toEqual(['pages.wall', 'pages.switched', 'pages.mainVideo'])
  })

  it('after a restart everything is as it was; a main video that stays away is cleared', async () => {
    await a.call('pages.switch', { main: 1, sub: 'x' })
    await a.call('pages.setWall', { mode: 5 })
    await a.call('pages.setMainVideo', { userID: 'b' })
    test = await restartTestApp(test)
    a.resume(a.seen, test)
    const pages = {
      main: 1,
      sub: 'x',
      by: 'a',
      wall: 5,
      wallBy: 'a',
      mainVideo: 'b',
      mainVideoBy: 'a',
    }
    expect(a.events('session.resync')).toMatchObject([{ meeting: { pages } }])
    for (let t = 0; t <= LIMITS.resume; t += 1_000) {
      test.clock.advance(1_000)
      a.raw('{"ping":1}')
    }
    expect(a.events('pages.mainVideo').at(-1)).toEqual({ userID: '', by: 'b' })
  })

  it('a main video whose seat did not come back is none after a restart', async () => {
    await storage.pages.save(meeting.id, { ...FIRST_PAGES, mainVideo: 'gone', mainVideoBy: 'a' })
    test = await restartTestApp(test)
    a.resume(a.seen, test)
    expect(a.events('session.resync')).toMatchObject([{ meeting: { pages: { mainVideo: '' } } }])
  })
})

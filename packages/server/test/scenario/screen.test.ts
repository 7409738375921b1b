import {
  LIMITS,
  type Mark,
  type MeetingInfo,
  type MeetingSnapshot,
  type ScreenShare,
} from '@yuntang/protocol'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Storage } from '../../src/storage/port.ts'
import { restartTestApp, startTestApp, type TestApp, TestPage } from '../support/page.ts'
import { createTestStorage, wipeTestStorage } from '../support/test-storage.ts'

const rect = { x: 0, y: 0, w: 1280, h: 720 }

describe('09: the share of a meeting', () => {
  let test: TestApp
  let storage: Storage
  let a: TestPage
  let b: TestPage
  let meeting: MeetingInfo
  /** Events about the share, and about who left, in order. */
  const told = (page: TestPage) =>
    page.frames.flatMap((f) =>
      'event' in f && (f.event.startsWith('screen.') || f.event === 'meetings.left')
        ? [[f.event, f.data]]
        : [],
    )
  const names = (page: TestPage) => told(page).map(([name]) => name)
  const late = async (userID = 'late') => {
    const page = await new TestPage(test).login(userID)
    return (await page.enter(meeting.id)) as MeetingSnapshot
  }
  /** What the engine is asked about screens. */
  const engine = () => test.calls.filter((call) => call.includes('"screen"'))

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
    await a.enter(meeting.id)
    await b.enter(meeting.id)
  })
  afterEach(async () => {
    await test.app.close()
    await wipeTestStorage(storage)
  })
  afterAll(() => storage.close())

  it('09 §1: one share at a time; late joiners are told', async () => {
    expect((await late()).screen).toBeUndefined()
    expect(await a.call('screen.start', { rect })).toEqual({})
    expect(await b.call('screen.start', { rect })).toBe('screen.taken')
    expect(await b.call('screen.stop')).toBe('screen.none')
    expect(await b.call('screen.resize', { rect })).toBe('screen.none')
    const since = expect.any(Number)
    expect(told(b)).toEqual([['screen.started', { userID: 'a', rect, since }]])
    expect((await late('later')).screen).toEqual({ userID: 'a', rect, holder: '', since })
    await a.call('screen.stop')
    expect(names(b)).toEqual(['screen.started', 'screen.stopped'])
    expect(await b.call('screen.start', { rect })).toEqual({})
  })

  it('09 §3: only who is inside shares', async () => {
    const c = await new TestPage(test).login('c')
    expect(await c.call('screen.start', { rect })).toBe('meeting.outside')
  })

  it.each([
    { x: -1, y: 0, w: 1, h: 1 },
    { x: 0, y: 0, w: 0, h: 1 },
    { x: 0, y: 0, w: 1e6, h: 1 },
  ])('a region that cannot be is refused: %j', async (wrong) => {
    expect(await a.call('screen.start', { rect: wrong })).toBe('param.invalid')
    expect(told(b)).toEqual([])
  })

  it('only the sharer’s screen is delivered, and only while it shares', async () => {
    await b.call('rtc.watch', { videos: [], screen: 360 })
    expect(engine()).toEqual([])
    await a.call('screen.start', { rect })
    expect(engine()).toHaveLength(1)
    expect(engine()[0]).toMatch(/^watch .*"track":"screen","height":360/)
    await a.call('screen.stop')
    expect(engine()[1]).toMatch(/^unpublish .*"screen"/)
    expect(test.calls.at(-1)).toMatch(/^watch .*"wishes":\[\]/)
  })

  it('09 §7.2: forged requests about the right are refused, and change and tell nothing', async () => {
    const c = await new TestPage(test).login('c')
    await c.enter(meeting.id)
    const click = { inputs: [{ mouse: 1, button: 1, x: 1, y: 1 }] }
    expect(await b.call('screen.give', { userID: 'b' })).toBe('permission.denied')
    await a.call('screen.start', { rect })
    expect(await b.call('screen.give', { userID: 'b' })).toBe('permission.denied')
    expect(await b.call('screen.input', click)).toBe('permission.denied')
    expect(await a.call('screen.input', click)).toBe('permission.denied')
    expect(await a.call('screen.give', { userID: 'nobody' })).toBe('member.unknown')
    expect(await a.call('screen.give', { userID: 'a' })).toBe('param.invalid')
    await a.call('screen.give', { userID: 'b' })
    expect(await c.call('screen.input', click)).toBe('permission.denied')
    expect(await c.call('screen.release')).toBe('permission.denied')
    expect(await c.call('screen.give', { userID: 'c' })).toBe('permission.denied')
    expect(await b.call('screen.give', { userID: 'c' })).toBe('permission.denied')
    const key = { inputs: [{ key: 0, vk: 255, extended: 0 }] }
    expect(await b.call('screen.input', key)).toBe('param.invalid')
    expect(names(a)).toEqual(['screen.started', 'screen.given'])
    await a.call('screen.release')
    expect(await b.call('screen.input', click)).toBe('permission.denied')
    expect(a.events('screen.input')).toEqual([])
  })

  it('09 §7.2: the holder’s input reaches the sharer only, in order; late joiners learn of the holder', async () => {
    const c = await new TestPage(test).login('c')
    await c.enter(meeting.id)
    await a.call('screen.start', { rect })
    await a.call('screen.give', { userID: 'b' })
    expect((await late()).screen?.holder).toBe('b')
    const inputs = [
      { mouse: 0, button: 0, x: 5, y: 6 },
      { key: 0, vk: 65, extended: 0 },
    ]
    for (const input of inputs) await b.call('screen.input', { inputs: [input] })
    expect(a.events('screen.input')).toEqual(inputs.map((i) => ({ by: 'b', inputs: [i] })))
    expect([...b.events('screen.input'), ...c.events('screen.input')]).toEqual([])
    await b.call('meetings.exit')
    expect(names(c).slice(-2)).toEqual(['screen.released', 'meetings.left'])
    expect(c.events('screen.released')).toEqual([{ by: 'b', userID: 'b' }])
  })

  it('07 §5.4: a holder whose page is another one has lost the right', async () => {
    await a.call('screen.start', { rect })
    await a.call('screen.give', { userID: 'b' })
    const again = await new TestPage(test).login('b')
    await again.enter(meeting.id)
    expect(a.events('screen.released')).toEqual([{ by: 'b', userID: 'b' }])
  })

  it('09 §7.2: a restart keeps the right; what was given and taken back survives as answered', async () => {
    await a.call('screen.start', { rect })
    const { since } = (await late()).screen as ScreenShare
    await a.call('screen.give', { userID: 'b' })
    const restart = async () => {
      test = await restartTestApp(test)
      a.resume(a.seen, test)
      b.resume(b.seen, test)
      return b.events('session.resync').at(-1)?.meeting?.screen
    }
    expect(await restart()).toEqual({ userID: 'a', rect, holder: 'b', since })
    await b.call('screen.input', { inputs: [{ key: 0, vk: 65, extended: 0 }] })
    expect(a.events('screen.input')).toHaveLength(1)
    await a.call('screen.release')
    expect(b.events('screen.released')).toEqual([{ by: 'a', userID: 'b' }])
    expect(await restart()).toMatchObject({ holder: '' })
  })

  it('07 §5.4: a holder that does not come back after a restart loses the right', async () => {
    await a.call('screen.start', { rect })
    await a.call('screen.give', { userID: 'b' })
    test = await restartTestApp(test)
    a.resume(a.seen, test)
    for (let t = 0; t <= LIMITS.resume; t += 1_000) {
      test.clock.advance(1_000)
      a.raw('{"ping":1}')
    }
    expect(names(a).slice(-2)).toEqual(['screen.released', 'meetings.left'])
  })

  it('09 §7.2: the right of a holder that left before the kill is nobody’s', async () => {
    await a.call('screen.start', { rect })
    await a.call('screen.give', { userID: 'b' })
    await b.call('meetings.exit')
    test = await restartTestApp(test)
    a.resume(a.seen, test)
    expect(a.events('session.resync').at(-1)?.meeting?.screen?.holder).toBe('')
  })

  it('09 §6: a restart keeps the strokes, in order, and they go on growing', async () => {
    const stroke = { id: 's', color: 255, width: 3, from: 0, points: [1, 2, 3, 4] }
    await a.call('screen.start', { rect })
    await b.call('screen.mark', stroke)
    await a.call('screen.mark', { ...stroke, id: 'gone' })
    await a.call('screen.unmark')
    await a.call('screen.mark', { ...stroke, id: 't' })
    test.clock.advance(1_000)
    // It is being written once this is answered.
    await b.call('screen.marks', { after: 0 })
    await b.call('screen.mark', { ...stroke, from: 2, points: [5, 6] })
    test = await restartTestApp(test)
    a.resume(a.seen, test)
    b.resume(b.seen, test)
    const ids = async () =>
      ((await b.call('screen.marks', { after: 0 })) as { marks: Mark[] }).marks.map(
        ({ userID, id, points }) => `${userID} ${id} ${points.join()}`,
      )
    expect(await ids()).toEqual(['b s 1,2,3,4', 'a t 1,2,3,4'])
    // The last second was not on disk: the page tells it again.
    await b.call('screen.mark', { ...stroke, points: [1, 2, 3, 4, 5, 6, 7, 8] })
    expect(a.events('screen.marked').at(-1)).toMatchObject({ n: 1, from: 2, points: [5, 6, 7, 8] })
    await a.call('screen.stop')
    await a.call('screen.start', { rect })
    test = await restartTestApp(test)
    b.resume(b.seen, test)
    expect(await ids()).toEqual([])
  })

  it('09 §6: anybody marks while a share runs; all are told, late joiners read', async () => {
    const stroke = { id: 's', color: 255, width: 3, from: 0, points: [1, 2, 3, 4] }
    expect(await b.call('screen.mark', stroke)).toBe('screen.none')
    await a.call('screen.start', { rect })
    await b.call('screen.mark', stroke)
    await b.call('screen.mark', { ...stroke, from: 2, points: [5, 6] })
    expect(await b.call('screen.mark', { ...stroke, from: 9, points: [9, 9] })).toBe(
      'param.invalid',
    )
    expect(a.events('screen.marked')).toMatchObject([
      { userID: 'b', n: 1, from: 0, points: [1, 2, 3, 4] },
      { userID: 'b', n: 1, from: 2, points: [5, 6] },
    ])
    expect(await a.call('screen.marks', { after: 0 })).toEqual({
      marks: [{ id: 's', color: 255, width: 3, userID: 'b', n: 1, points: [1, 2, 3, 4, 5, 6] }],
    })
    await b.call('screen.unmark')
    await b.call('screen.unmark')
    expect(a.events('screen.unmarked')).toEqual([{ userID: 'b' }])
    await b.call('screen.mark', stroke)
    await a.call('screen.stop')
    await a.call('screen.start', { rect })
    expect(await b.call('screen.marks', { after: 0 })).toEqual({ marks: [] })
  })

  it('09 §6: marks by who is outside, of a share that is over, or beyond the limits are refused', async () => {
    const stroke = { id: 's', color: 255, width: 3, from: 0, points: [1, 2] }
    const c = await new TestPage(test).login('c')
    await a.call('screen.start', { rect })
    expect(await c.call('screen.mark', stroke)).toBe('meeting.outside')
    expect(await c.call('screen.marks', { after: 0 })).toBe('meeting.outside')
    for (const wrong of [
      { id: '' },
      { id: 'x'.repeat(LIMITS.markIDChars + 1) },
      { color: 0x1000000 },
      { color: -1 },
      { width: 0 },
      { width: LIMITS.markMaxWidth + 1 },
      { from: -1 },
      { points: [-1, 0] },
      { points: [0.5, 0] },
      { points: [LIMITS.screenSide + 1, 0] },
      { points: Array.from({ length: 2 * LIMITS.markPoints + 1 }, () => 1) },
      { userID: 'a' },
    ])
      expect(await b.call('screen.mark', { ...stroke, ...wrong })).toBe('param.invalid')
    expect(a.events('screen.marked')).toEqual([])
    await a.call('screen.stop')
    expect(await b.call('screen.mark', stroke)).toBe('screen.none')
  })

  it('07 §2: the sharer leaves: the share ends first', async () => {
    await a.call('screen.start', { rect })
    await a.call('meetings.exit')
    expect(names(b)).toEqual(['screen.started', 'screen.stopped', 'meetings.left'])
  })

  it('07 §5.4: another page of the sharer takes its seat over: the share ends', async () => {
    await a.call('screen.start', { rect })
    const again = await new TestPage(test).login('a')
    const snapshot = (await again.enter(meeting.id)) as MeetingSnapshot
    expect(snapshot.screen).toBeUndefined()
    expect(names(b)).toEqual(['screen.started', 'screen.stopped'])
  })

  it('the sharer’s link breaks: nobody is told before T_RESUME', async () => {
    await a.call('screen.start', { rect })
    a.cut()
    expect(names(b)).toEqual(['screen.started'])
    a.resume()
    expect((await late()).screen?.userID).toBe('a')
    a.cut()
    for (let t = 0; t <= LIMITS.resume; t += 1_000) {
      test.clock.advance(1_000)
      b.raw('{"ping":1}')
    }
    expect(names(b)).toEqual(['screen.started', 'screen.stopped', 'meetings.left'])
  })

  it('the meeting is ended: nobody hears of the share', async () => {
    await a.call('screen.start', { rect })
    await a.call('meetings.destroy', { id: meeting.id })
    expect(names(b)).toEqual(['screen.started'])
  })

  it('after a restart the share goes on, until its page stays away', async () => {
    await a.call('screen.start', { rect })
    test = await restartTestApp(test)
    b.resume(b.seen, test)
    expect(b.events('session.resync')).toMatchObject([
      { meeting: { screen: { userID: 'a', rect, holder: '' } } },
    ])
    for (let t = 0; t <= LIMITS.resume; t += 1_000) {
      test.clock.advance(1_000)
      b.raw('{"ping":1}')
    }
    expect(names(b).slice(-2)).toEqual(['screen.stopped', 'meetings.left'])
  })

  it('a share that was stopped does not come back with a restart', async () => {
    await a.call('screen.start', { rect })
    await a.call('screen.stop')
    test = await restartTestApp(test)
    b.resume(b.seen, test)
    const [resync] = b.events('session.resync')
    expect(resync?.meeting?.screen).toBeUndefined()
  })
})

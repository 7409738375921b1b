import type { MeetingInfo, MeetingSnapshot } from '@yuntang/protocol'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Storage } from '../../src/storage/port.ts'
import { restartTestApp, startTestApp, type TestApp, TestPage } from '../support/page.ts'
import { createTestStorage, wipeTestStorage } from '../support/test-storage.ts'

const file = { name: 'x.mp4', duration: 90_000, width: 640, height: 360, paused: 0, at: 0 }

describe('10 §4: the shared media of a meeting', () => {
  let test: TestApp
  let storage: Storage
  let a: TestPage
  let b: TestPage
  let meeting: MeetingInfo
  const told = (page: TestPage) =>
    page.frames.flatMap((f) =>
      'event' in f && (f.event.startsWith('media.') || f.event === 'meetings.left')
        ? [f.event]
        : [],
    )

  beforeAll(async () => {
    storage = await createTestStorage()
  }, 60_000)
  beforeEach(async () => {
    test = await startTestApp({}, { storage })
    a = await new TestPage(test).login('a')
    b = await new TestPage(test).login('b')
    const wish = { subject: 's', withPassword: false }
    meeting = (await a.call('meetings.create', wish)) as MeetingInfo
    await a.enter(meeting.id)
    await b.enter(meeting.id)
  })
  afterEach(async () => {
    await test.app.close()
    await wipeTestStorage(storage)
  })
  afterAll(() => storage.close())

  it('one at a time; only the player moves and stops it; late joiners are told', async () => {
    expect(await a.call('media.start', file)).toEqual({})
    expect(await b.call('media.start', file)).toBe('playing.taken')
    expect(await b.call('media.move', { paused: 1, at: 0 })).toBe('playing.none')
    expect(await b.call('media.stop', { reason: 0 })).toBe('permission.denied')
    test.clock.advance(2_000)
    const late = await new TestPage(test).login('late')
    const snapshot = (await late.enter(meeting.id)) as MeetingSnapshot
    expect(snapshot.media).toEqual({ ...file, userID: 'a', at: 2_000 })
    expect(await a.call('media.stop', { reason: 1 })).toEqual({})
    expect(b.events('media.stopped')).toEqual([{ userID: 'a', reason: 1 }])
  })

  it('its sound is taken from the player only', async () => {
    const sound = { sdp: 'v=0', tracks: [{ mid: '0', kind: 'mediaSound', videoID: 0 }] }
    await a.call('media.start', file)
    expect(await b.call('rtc.publish', sound)).toBe('playing.none')
    expect(await a.call('rtc.publish', sound)).not.toBe('playing.none')
  })

  it('the picture is delivered to who watches, and cut off at the end', async () => {
    const engine = () => test.calls.filter((call) => call.includes('"media"'))
    await b.call('rtc.watch', { videos: [], media: 360 })
    await a.call('media.start', file)
    expect(engine()[0]).toMatch(/^watch .*"track":"media","height":360/)
    await a.call('media.stop', { reason: 0 })
    expect(engine()[1]).toMatch(/^unpublish .*"media","mediaSound"/)
  })

  it('the player leaves: reason 0, then it left; its page is taken over: reason 5', async () => {
    await a.call('media.start', file)
    await a.call('meetings.exit')
    expect(told(b)).toEqual(['media.started', 'media.stopped', 'meetings.left'])
    expect(b.events('media.stopped')).toEqual([{ userID: 'a', reason: 0 }])
    await b.call('media.start', file)
    const again = await new TestPage(test).login('b')
    const snapshot = (await again.enter(meeting.id)) as MeetingSnapshot
    expect(snapshot.media).toBeUndefined()
  })

  it('a restart ends it not', async () => {
    await a.call('media.start', file)
    test = await restartTestApp(test)
    b.resume(b.seen, test)
    expect(b.events('session.resync')[0]?.meeting?.media).toMatchObject({ userID: 'a' })
  })
})

import { LIMITS, type MeetingInfo } from '@yuntang/protocol'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Storage } from '../../src/storage/port.ts'
import { startTestApp, type TestApp, TestPage } from '../support/page.ts'
import { createTestStorage, wipeTestStorage } from '../support/test-storage.ts'

describe('a page that falls behind', () => {
  let storage: Storage
  let test: TestApp
  let a: TestPage
  let b: TestPage
  let id: number
  /** `times` events that everybody in the meeting hears. */
  const chatter = async (by: TestPage, times: number, params = devices) => {
    for (let done = 0; done < times; ) {
      const burst = Math.min(40, times - done)
      // Below the rate that one page may keep up.
      test.clock.advance(1_000)
      let last = 0
      for (let i = 0; i < burst; i++) last = by.post('members.setDevices', params(done++))
      expect(await by.answer(last)).toEqual({})
      by.acknowledge()
    }
  }
  const devices = (n: number) => ({
    mic: true,
    cameras: [{ videoID: 1, name: `c${n}` }],
    defaultVideo: 1,
    multiVideo: false,
  })

  beforeAll(async () => {
    storage = await createTestStorage()
  }, 60_000)
  beforeEach(async () => {
    test = await startTestApp({ resumeMs: 600_000 }, { storage })
    a = await new TestPage(test).login('a')
    b = await new TestPage(test).login('b')
    id = ((await a.call('meetings.create', { subject: 's', withPassword: false })) as MeetingInfo)
      .id
    await a.enter(id)
    await b.enter(id)
  })
  afterEach(async () => {
    await test.app.close()
    await wipeTestStorage(storage)
  })
  afterAll(() => storage.close())

  it('07 §5.1: more than 2 000 events missed: one snapshot instead, and the session goes on', async () => {
    b.cut()
    await chatter(a, LIMITS.backlog + 100)
    const before = b.frames.length
    b.resume()
    const got = b.frames.slice(before).filter((f) => 'event' in f)
    expect(got).toHaveLength(1)
    expect(b.events('session.resync')).toMatchObject([
      { meeting: { id, me: 'b', members: [{ cameras: [{ name: 'c2099' }] }, { userID: 'b' }] } },
    ])
    expect(await b.call('members.openMic')).toEqual({})
    expect(b.events('members.audioStatus')).toEqual([{ userID: 'b', old: 2, now: 3 }])
    const numbers = b.frames.flatMap((f) => ('seq' in f ? [f.seq] : []))
    expect(new Set(numbers).size).toBe(numbers.length)
  }, 30_000)

  it('07 §5.1: exactly 2 000 are replayed one by one', async () => {
    b.acknowledge()
    b.cut()
    await chatter(a, LIMITS.backlog)
    b.resume()
    expect(b.events('session.resync')).toEqual([])
    expect(b.events('members.devices')).toHaveLength(LIMITS.backlog)
  }, 30_000)

  it('what a page missed is bounded in size, too', async () => {
    b.cut()
    const names = Array.from({ length: 16 }, (_, n) => ({ videoID: n + 1, name: 'n'.repeat(256) }))
    await chatter(a, 1_100, (n) => ({
      ...devices(n),
      cameras: n % 2 ? names : [...names].reverse(),
    }))
    b.resume()
    expect(b.events('session.resync')).toHaveLength(1)
    expect(b.events('members.devices')).toEqual([])
  }, 30_000)

  it('answers to requests in flight are never lost by it, and come once', async () => {
    const list = b.post('meetings.list')
    b.cut()
    await chatter(a, LIMITS.backlog + 10)
    b.resume()
    const answers = b.frames.filter((f) => 'id' in f && f.id === list)
    expect(answers).toHaveLength(1)
    expect(answers[0]).toMatchObject({ result: { meetings: [{ id }] } })
    expect(b.events('session.resync')).toHaveLength(1)
  }, 30_000)

  it('what ended is told all the same: meetings.stopped, line-off', async () => {
    b.cut()
    await chatter(a, LIMITS.backlog + 10)
    await a.call('meetings.destroy', { id })
    b.resume()
    expect(b.events('meetings.stopped')).toEqual([{ id }])
    expect(b.events('session.resync').at(-1)).toEqual({ meeting: null })
  }, 30_000)

  it('a slow reader gets no more events until it has read, then one snapshot', async () => {
    b.buffered = LIMITS.unsentBytes + 1
    await chatter(a, 40)
    const withheld = b.events('members.devices').length
    expect(withheld).toBeLessThanOrEqual(1)
    b.buffered = 0
    test.clock.advance(1_000)
    expect(b.events('session.resync')).toMatchObject([
      { meeting: { members: [{ cameras: [{ name: 'c39' }] }, {}] } },
    ])
    await a.call('members.openMic')
    expect(b.events('members.audioStatus')).toEqual([{ userID: 'a', old: 2, now: 3 }])
  })

  it('a reader that takes nothing for T_DEAD loses the socket, not the session', async () => {
    b.buffered = LIMITS.unsentBytes + 1
    await a.call('members.openMic')
    for (let t = 0; t < LIMITS.dead + 1_000; t += 1_000) {
      test.clock.advance(1_000)
      for (const page of [a, b]) page.raw('{"ping":1}')
    }
    expect(b.closed).toBe(4003)
    expect(test.app.gateway.size).toBe(2)
    b.buffered = 0
    b.resume()
    expect(b.events('session.resync')).toMatchObject([{ meeting: { members: [{ audio: 3 }, {}] } }])
  })

  it('a cut after events were dropped unread is noticed by the numbers', async () => {
    const seen = b.seen
    await a.call('members.openMic')
    b.buffered = LIMITS.unsentBytes + 1
    await a.call('members.close', { userID: 'a', kind: 'mic' })
    b.buffered = 0
    test.clock.advance(300)
    b.cut()
    b.resume(seen)
    expect(b.events('session.resync').at(-1)).toMatchObject({
      meeting: { members: [{ audio: 2 }, {}] },
    })
  })

  it('a page that never acknowledges answers is let go before they fill the memory', async () => {
    for (let i = 0; i < LIMITS.answersKept + 40; i += 40) {
      test.clock.advance(1_000)
      for (const page of [a, b]) page.raw('{"ping":1}')
      for (let n = 0; n < 40; n++) b.post('members.nothing')
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(b.closed).toBe(4008)
    expect(a.events('meetings.left')).toEqual([{ userID: 'b', cause: 'lost' }])
  })
})

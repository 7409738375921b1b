import type { MeetingInfo } from '@yuntang/protocol'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Storage } from '../../src/storage/port.ts'
import { restartTestApp, startTestApp, type TestApp, TestPage } from '../support/page.ts'
import { createTestStorage, wipeTestStorage } from '../support/test-storage.ts'

const NONE = { id: 0, password: '' }

describe('03 §4.3, §6: a server that is killed while people call each other', () => {
  let storage: Storage
  let test: TestApp
  let a: TestPage
  let b: TestPage
  let c: TestPage
  let meeting: MeetingInfo

  const call = (from: TestPage, called: string, callID: string) =>
    from.call('calls.call', { callID, called, meeting: NONE, ext: '' })
  const accept = (page: TestPage, callID: string) =>
    page.call('calls.accept', { callID, meeting: NONE, ext: '' })
  const invite = (callID: string, called: string) =>
    a.call('calls.invite', {
      callID,
      called,
      meeting: { id: meeting.id, password: meeting.password },
      ext: '',
      family: 'clientInvite',
    })
  /** kill -9 and a new run on what was stored; everybody comes back within T_RESUME. */
  const killAndReturn = async () => {
    for (const page of [a, b, c]) page.acknowledge()
    test = await restartTestApp(test)
    for (const page of [a, b, c]) page.resume(page.seen, test)
  }

  beforeAll(async () => {
    storage = await createTestStorage()
  }, 60_000)
  beforeEach(async () => {
    test = await startTestApp({}, { storage })
    a = await new TestPage(test).login('a')
    b = await new TestPage(test).login('b')
    c = await new TestPage(test).login('c')
    meeting = (await a.call('meetings.create', { subject: 's', withPassword: true })) as MeetingInfo
  })
  afterEach(async () => {
    await test.app.close()
    await wipeTestStorage(storage)
  })
  afterAll(() => storage.close())

  it.each<[string, () => Promise<unknown>]>([
    ['a ringing call', () => call(a, 'b', 'x')],
    [
      'an accepted call',
      async () => {
        await call(a, 'b', 'x')
        await accept(b, 'x')
      },
    ],
    ['a ringing invite', () => invite('x', 'b')],
    [
      'a connected invite',
      async () => {
        await invite('x', 'b')
        await accept(b, 'x')
      },
    ],
  ])('%s is over for both; logins stay, and both are free again', async (_what, begin) => {
    await begin()
    await killAndReturn()
    for (const page of [a, b]) {
      expect(page.events('session.resync')).toHaveLength(1)
      expect(await page.call('calls.current')).toEqual({ calls: [] })
      expect(await page.call('calls.hangUp', { callID: 'x', ext: '' })).toBe('call.unknown')
    }
    expect(await accept(b, 'x')).toBe('call.unknown')
    const cancel = { callID: 'x', ext: '', family: 'clientInvite' }
    expect(await a.call('calls.cancelInvite', cancel)).toBe('call.unknown')
    const { users } = (await c.call('presence.list', {})) as {
      users: { userID: string; status: number }[]
    }
    expect(users.map(({ userID, status }) => `${userID} ${status}`).sort()).toEqual([
      'a 1',
      'b 1',
      'c 1',
    ])
    expect(await call(c, 'b', 'again')).toEqual({})
    expect(b.events('calls.incoming').at(-1)).toMatchObject({ callID: 'again', callerID: 'c' })
    // What was to end the old one, T_RING or T_SESSION, ends nothing now.
    expect(await accept(b, 'again')).toEqual({})
    for (let t = 0; t < 200_000; t += 5_000) {
      for (const page of [a, b, c]) page.raw('{"ping":1}')
      test.clock.advance(5_000)
    }
    expect(await c.call('calls.current')).toMatchObject({ calls: [{ accepted: true }] })
  })

  it('05 §8: an agent and its customer in a call: both are free, the customer queues anew', async () => {
    const queue = await test.app.queues.create('demo', {
      name: 'q',
      desc: '',
      priority: 1,
      maxWaiting: 0,
      maxWaitMs: 0,
      agents: null,
      global: false,
    })
    await a.call('queues.serve', { queue: queue?.id })
    await b.call('queues.join', { queue: queue?.id, text: '' })
    await call(a, 'b', 'x')
    await accept(b, 'x')
    await killAndReturn()
    expect(await b.call('queues.init')).toMatchObject({ queuing: { queue: -1 } })
    expect(await b.call('queues.join', { queue: queue?.id, text: '' })).toMatchObject({
      queuing: { queue: queue?.id },
    })
    expect(await a.call('queues.serve', { queue: queue?.id })).not.toBe('queue.unknown')
    await expect.poll(() => a.events('queues.offered').at(-1)).toMatchObject({ userID: 'b' })
  })
})

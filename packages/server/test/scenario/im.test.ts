import { type ImMessage, LIMITS, type MeetingInfo } from '@yuntang/protocol'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Storage } from '../../src/storage/port.ts'
import { restartTestApp, startTestApp, type TestApp, TestPage } from '../support/page.ts'
import { createTestStorage, wipeTestStorage } from '../support/test-storage.ts'

describe('11 §1: messages in a meeting', () => {
  let test: TestApp
  let storage: Storage
  let a: TestPage
  let b: TestPage
  let meeting: MeetingInfo
  let keys = 0
  const send = (page: TestPage, text: string, to = '', key = `key-${keys++}`) =>
    page.call('im.send', { text, to, key })
  const texts = (page: TestPage) => page.events('im.message').map(({ text }) => text)
  const history = async (page: TestPage, range: object = {}) =>
    (await page.call('im.history', range)) as { messages: ImMessage[]; more: boolean }

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

  it('to everybody: the sender too, after its own answer, with the server’s time', async () => {
    const id = a.post('im.send', { text: '你好', to: '', key: 'k' })
    const answer = await a.answer(id)
    expect(answer).toEqual({ seq: 1, at: test.clock.now() })
    const names = { fromName: 'n', toName: '' }
    const message = { seq: 1, from: 'a', to: '', ...names, text: '你好', at: test.clock.now() }
    expect(b.events('im.message')).toEqual([message])
    const order = a.frames.flatMap((f) =>
      'id' in f && f.id === id
        ? ['answer']
        : 'event' in f && f.event === 'im.message'
          ? ['own']
          : [],
    )
    expect(order).toEqual(['answer', 'own'])
  })

  it('privately: only the named one hears it; to oneself it comes back once', async () => {
    const c = await new TestPage(test).login('c')
    await c.enter(meeting.id)
    await send(a, 'for b', 'b')
    await send(a, 'for me', 'a')
    expect([texts(a), texts(b), texts(c)]).toEqual([['for me'], ['for b'], []])
  })

  it('errors: outside, absent, too large, empty, forbidden, too many', async () => {
    const out = await new TestPage(test).login('out')
    expect(await send(out, 'x')).toBe('meeting.outside')
    expect(await send(a, 'x', 'out')).toBe('im.absent')
    expect(await send(a, 'x'.repeat(LIMITS.imBytes + 1))).toBe('im.too-large')
    expect(await send(a, '')).toBe('param.invalid')
    expect(await send(a, '有坏词')).toBe('im.forbidden')
    for (let i = 0; i < LIMITS.imBurst; i++) expect(await send(a, 'x')).toMatchObject({})
    expect(await send(a, 'x')).toBe('im.rate')
    expect(texts(b)).toHaveLength(LIMITS.imBurst)
    test.clock.advance(LIMITS.imWindow)
    expect(await send(a, 'x')).toMatchObject({ seq: LIMITS.imBurst + 1 })
  })

  it('many at once: everybody hears the same order, which is that of the history', async () => {
    const c = await new TestPage(test).login('c')
    await c.enter(meeting.id)
    const posted = [a, b, c].flatMap((page, who) =>
      Array.from({ length: 10 }, (_, i) => ({
        page,
        id: page.post('im.send', { text: `${who}-${i}`, to: '', key: `${who}-${i}` }),
      })),
    )
    for (const { page, id } of posted) await page.answer(id)
    const told = texts(a)
    expect(told).toHaveLength(30)
    expect(texts(b)).toEqual(told)
    expect(texts(c)).toEqual(told)
    expect((await history(c)).messages.map(({ text }) => text)).toEqual(told)
    expect(a.events('im.message').map(({ seq }) => seq)).toEqual(told.map((_, i) => i + 1))
  })

  it('a recipient in silent recovery gets public and private messages on resume, once', async () => {
    const { seen } = b
    b.cut()
    await send(a, 'all')
    await send(a, 'you', 'b')
    b.resume(seen)
    expect(texts(b)).toEqual(['all', 'you'])
  })

  it('late joiners read what was said to everybody, not what was private', async () => {
    await send(a, 'early')
    await send(a, 'secret', 'b')
    const c = await new TestPage(test).login('c')
    expect(await c.enter(meeting.id)).toMatchObject({ im: { last: 2 } })
    expect(texts(c)).toEqual([])
    expect((await history(c)).messages.map(({ text }) => text)).toEqual(['early'])
    expect((await history(a)).messages.map(({ text }) => text)).toEqual(['early', 'secret'])
  })

  it('the history says what people were called who left before', async () => {
    const guest = await new TestPage(test).login('0cd1')
    await guest.enter(meeting.id, '', { nickName: '采薇' })
    await send(guest, 'hello')
    await send(a, 'only you', '0cd1')
    await guest.call('meetings.exit')
    expect((await history(a)).messages).toMatchObject([
      { from: '0cd1', fromName: '采薇', toName: '', text: 'hello' },
      { from: 'a', fromName: 'n', to: '0cd1', toName: '采薇', text: 'only you' },
    ])
  })

  it('a guest under a name of somebody who left does not read that one’s private messages', async () => {
    await test.app.close()
    test = await restartTestApp(test, { allowGuests: true })
    a = await new TestPage(test).login('a')
    await a.enter(meeting.id)
    const first = new TestPage(test)
    first.hello()
    await first.enter(meeting.id, '', { userID: 'guest' })
    test.clock.advance(10)
    await send(a, 'for the first', 'guest')
    expect((await history(first)).messages).toHaveLength(1)
    await first.call('meetings.exit')
    test.clock.advance(10)
    const second = new TestPage(test)
    second.hello()
    await second.enter(meeting.id, '', { userID: 'guest' })
    expect((await history(second)).messages).toEqual([])
  })

  it('the history comes in pieces that fit, forwards and backwards', async () => {
    const long = '\u0001'.repeat(LIMITS.imBytes - 8)
    for (let i = 1; i <= 5; i++) await send(a, `${i}${long}`)
    const newest = await history(b)
    expect(newest).toMatchObject({ messages: [{ seq: 5 }], more: true })
    expect(await history(b, { before: 5 })).toMatchObject({ messages: [{ seq: 4 }], more: true })
    expect(await history(b, { before: 2 })).toMatchObject({ messages: [{ seq: 1 }], more: false })
    expect(await history(b, { after: 3 })).toMatchObject({ messages: [{ seq: 4 }], more: true })
    expect(await history(b, { after: 5 })).toEqual({ messages: [], more: false })
  })

  it('the history is bounded: the newest thousand stay', async () => {
    const record = (seq: number) => ({
      meeting: meeting.id,
      seq,
      from: 'a',
      to: '',
      fromName: '',
      toName: '',
      text: 'x',
      at: 1,
      key: `old-${seq}`,
    })
    await storage.im.append(Array.from({ length: LIMITS.imKept + 98 }, (_, i) => record(i + 1)))
    test = await restartTestApp(test)
    a = await new TestPage(test).login('a')
    await a.enter(meeting.id)
    for (let i = 0; i < 3; i++) await send(a, 'new')
    const everything = { userID: 'a', privateSince: 0 }
    const kept = await storage.im.after(meeting.id, everything, 0, 5_000)
    expect(kept[0]?.seq).toBe(101)
    expect(kept.at(-1)?.seq).toBe(LIMITS.imKept + 101)
  })

  it('a restart keeps history and numbers; a repeated request is not sent twice', async () => {
    await send(a, 'before', '', 'same')
    b.cut()
    await send(a, 'missed')
    test = await restartTestApp(test)
    a.resume(a.seen, test)
    b.resume(b.seen, test)
    expect(b.events('session.resync').at(-1)).toMatchObject({ meeting: { im: { last: 2 } } })
    expect((await history(b, { after: 1 })).messages.map(({ text }) => text)).toEqual(['missed'])
    expect(await send(a, 'before', '', 'same')).toMatchObject({ seq: 1 })
    expect(texts(b)).toEqual(['before'])
    await send(a, 'after')
    expect(texts(b)).toEqual(['before', 'after'])
    expect((await history(a)).messages.map(({ text }) => text)).toEqual([
      'before',
      'missed',
      'after',
    ])
  })

  it('with the meeting its messages are gone', async () => {
    await send(a, 'x')
    await a.call('meetings.destroy', { id: meeting.id })
    expect((await storage.im.lasts()).has(meeting.id)).toBe(false)
  })
})

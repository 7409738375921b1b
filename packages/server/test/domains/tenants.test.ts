import type { MeetingInfo } from '@yuntang/protocol'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { User } from '../../src/actor/context.ts'
import { mayBe, mayKnow } from '../../src/domains/meetings/policy.ts'
import { startTestApp, type TestApp, TestPage } from '../support/page.ts'

const SEED = 20261125
const DEVICES = { mic: false, cameras: [], defaultVideo: 0, multiVideo: false }
let test: TestApp
let guestly: TestApp
let meeting: MeetingInfo
let open: MeetingInfo
let insider: TestPage
let host: TestPage

const make = async (page: TestPage) =>
  (await page.call('meetings.create', {
    subject: 'secret plans',
    withPassword: true,
  })) as MeetingInfo
const slug = (m: MeetingInfo) => m.url.split('/').at(-1) ?? ''

beforeAll(async () => {
  test = await startTestApp()
  insider = await new TestPage(test).login('alice', 'acme')
  meeting = await make(insider)
  await insider.enter(meeting.id, meeting.password)
  guestly = await startTestApp({ allowGuests: true, policy: 'owner' })
  host = await new TestPage(guestly).login('alice', 'acme')
  open = await make(host)
  await host.enter(open.id, open.password)
}, 60_000)
afterAll(async () => {
  for (const t of [test, guestly]) {
    t.app.close()
    await t.storage.close()
  }
})

it('00 §1: whatever a user of another app account asks, nothing of this one is seen or touched', async () => {
  const rival = await new TestPage(test).login('bob', 'rival')
  const before = insider.frames.length
  const enter = { id: meeting.id, password: meeting.password, nickName: 'n', devices: DEVICES }
  const asked = fc.oneof(
    fc.constant(['meetings.list', {}] as const),
    fc.constant(['meetings.resolve', { slug: slug(meeting) }] as const),
    fc.constant(['meetings.destroy', { id: meeting.id }] as const),
    fc.constant(['meetings.enter', enter] as const),
    fc.constant(['meetings.enter', { ...enter, userID: 'alice' }] as const),
    fc.constant(['members.close', { userID: 'alice', kind: 'mic' }] as const),
    fc.constant(['members.askOpen', { userID: 'alice', kind: 'camera' }] as const),
    fc.constant(['members.closeAllMics', {}] as const),
    fc.constant(['rtc.watch', { videos: [{ userID: 'alice', videoID: 1, height: 180 }] }] as const),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(asked, { maxLength: 6 }), async (requests) => {
      for (const [method, params] of requests) {
        const answer = await rival.call(method, params)
        expect(JSON.stringify(answer)).not.toMatch(/secret plans|alice/)
        const nothing = ['meeting.unknown', 'meeting.outside', 'rate.exceeded']
        if (method === 'meetings.list')
          expect([{ meetings: [] }, 'rate.exceeded']).toContainEqual(answer)
        else expect(nothing).toContain(answer)
      }
      for (const p of [rival, insider]) p.raw(`{"ack":${p.seen}}`)
      test.clock.advance(1000)
    }),
    { seed: SEED, numRuns: 40 },
  )
  expect(insider.frames.length).toBe(before)
})

it('00 §1: another account answers the same for a meeting that is there and one that is not', async () => {
  const rival = await new TestPage(test).login('carol', 'rival')
  test.clock.advance(1000)
  for (const [there, not] of [
    [{ id: meeting.id }, { id: 10_000_000 }],
    [{ slug: slug(meeting) }, { slug: 'zzzzzz' }],
  ]) {
    const method = 'id' in (there as object) ? 'meetings.destroy' : 'meetings.resolve'
    expect(await rival.call(method, there)).toBe(await rival.call(method, not))
  }
  const enter = { password: meeting.password, nickName: 'n', devices: DEVICES }
  expect(await rival.call('meetings.enter', { ...enter, id: meeting.id })).toBe(
    await rival.call('meetings.enter', { ...enter, id: 10_000_000 }),
  )
})

it('00 §6.4: where guests are allowed, a user of another account is a guest: no ID of a member, no rights, no end', async () => {
  const rival = await new TestPage(guestly).login('bob', 'rival')
  const enter = { id: open.id, password: open.password, nickName: 'n', devices: DEVICES }
  expect(await rival.call('meetings.enter', { ...enter, password: 'wrong' })).toBe(
    'meeting.password',
  )
  expect(await rival.call('meetings.enter', { ...enter, userID: 'alice' })).toBe('identity.taken')
  expect(await rival.call('meetings.enter', enter)).toMatchObject({ me: 'bob' })
  expect(await rival.call('members.close', { userID: 'alice', kind: 'mic' })).toBe(
    'permission.denied',
  )
  expect(await rival.call('members.closeAllMics')).toBe('permission.denied')
  expect(await rival.call('meetings.destroy', { id: open.id })).toBe('meeting.unknown')
  expect(await rival.call('meetings.list')).toEqual({ meetings: [] })
  await rival.call('meetings.exit')
})

it('07 §1.4: the creator’s ID and the rights with it are the creator’s alone, also while that one is away', async () => {
  await host.call('session.logout')
  const enter = { id: open.id, password: open.password, nickName: 'n', devices: DEVICES }
  const guest = new TestPage(guestly)
  guest.hello()
  expect(await guest.call('meetings.enter', { ...enter, userID: 'alice' })).toBe('identity.taken')
  const mate = await new TestPage(guestly).login('dave', 'acme')
  expect(await mate.call('meetings.enter', { ...enter, userID: 'alice' })).toBe('identity.taken')
  const impostor = await new TestPage(guestly).login('alice', 'rival')
  expect(await impostor.call('meetings.enter', enter)).toBe('identity.taken')
  const again = await new TestPage(guestly).login('alice', 'acme')
  expect(await again.call('meetings.enter', enter)).toMatchObject({ me: 'alice', owner: 'alice' })
})

it('a guest can use its meeting and nothing else', async () => {
  const guest = new TestPage(guestly)
  guest.hello()
  const enter = { id: open.id, password: open.password, nickName: 'n', devices: DEVICES }
  expect(await guest.call('meetings.enter', enter)).toMatchObject({ id: open.id })
  for (const [method, params] of [
    ['meetings.list', {}],
    ['meetings.create', { subject: 's', withPassword: false }],
    ['meetings.destroy', { id: open.id }],
  ] as const)
    expect(await guest.call(method, params)).toBe('login.required')
})

it('wrong numbers, links and passwords: after 60 in a minute an address waits; the right ones cost nothing', async () => {
  const own = await startTestApp({ allowGuests: true })
  const page = await new TestPage(own).login('u')
  const m = await make(page)
  const answers: unknown[] = []
  for (let i = 0; i < 70; i++) {
    answers.push(await page.enter(m.id, `${i}`))
    page.raw(`{"ack":${page.seen}}`)
    own.clock.advance(100)
  }
  expect(answers.slice(0, 60).every((a) => a === 'meeting.password')).toBe(true)
  expect(answers.slice(60).every((a) => a === 'rate.exceeded')).toBe(true)
  expect(await page.enter(m.id, m.password)).toBe('rate.exceeded')
  for (let i = 0; i < 12; i++) {
    page.raw('{"ping":1}')
    own.clock.advance(5000)
  }
  for (let i = 0; i < 100; i++) {
    expect(await page.enter(m.id, m.password)).toMatchObject({ id: m.id })
    await page.call('meetings.exit')
    page.raw(`{"ack":${page.seen}}`)
    own.clock.advance(100)
  }
  own.app.close()
  await own.storage.close()
}, 60_000)

it('policy: a meeting is known to its own account and, where guests are allowed, to those who name it', () => {
  const name = fc.constantFrom('acme', 'rival', 'acme2')
  const id = fc.constantFrom('alice', 'bob')
  const user = fc.option(fc.record({ account: name, userID: id }).map((u) => u as User))
  fc.assert(
    fc.property(name, id, user, id, fc.boolean(), (account, creator, who, userID, guests) => {
      const m = { account, creator } as Parameters<typeof mayKnow>[0]
      expect(mayKnow(m, who, guests)).toBe(who === null || guests || who.account === account)
      const isCreator = who?.account === account && who.userID === creator
      if (userID === creator)
        expect(mayBe(m, userID, who)).toBe(isCreator && who?.userID === userID)
      else expect(mayBe(m, userID, who)).toBe(true)
    }),
    { seed: SEED },
  )
})

import { readFileSync } from 'node:fs'
import { DOMAINS, isErrorCode, LIMITS, type MeetingInfo } from '@yuntang/protocol'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { Link } from '../../src/gateway/link.ts'
import { MD5, startTestApp, type TestApp, TestPage } from '../support/page.ts'
import { hostileValue, mutated } from './hostile.ts'

/** Frames that once did harm, and their like. */
const CORPUS = JSON.parse(
  readFileSync(new URL('corpus/frames.json', import.meta.url), 'utf8'),
) as string[]
/** Binary frames likewise, in hex and with the reason. */
const BINARY = (
  JSON.parse(readFileSync(new URL('corpus/binary.json', import.meta.url), 'utf8')) as {
    hex: string
  }[]
).map(({ hex }) => new Uint8Array(Buffer.from(hex.replace(/\s/g, ''), 'hex')))
const SEED = 20261125

let test: TestApp
let watchers: TestPage[]
let meeting: MeetingInfo
let heard: number

beforeAll(async () => {
  test = await startTestApp()
  watchers = [
    await new TestPage(test).login('watcher-one'),
    await new TestPage(test).login('watcher-two'),
  ]
  const created = { subject: 's', withPassword: true }
  meeting = (await watchers[0]?.call('meetings.create', created)) as MeetingInfo
  for (const w of watchers) await w.enter(meeting.id, meeting.password)
  heard = watchers[0]?.frames.length ?? 0
}, 60_000)
afterAll(async () => {
  test.app.close()
  await test.storage.close()
})

/** Meeting-mates were told nothing, and are still served. */
const undisturbed = async () => {
  const [one, two] = watchers as [TestPage, TestPage]
  expect(one.frames.length).toBe(heard)
  for (const w of watchers) w.raw(`{"ack":${w.seen}}`)
  test.clock.advance(100)
  expect(await two.call('members.askOpen', { userID: 'watcher-one', kind: 'mic' })).toEqual({})
  expect(one.events('members.openRequested').at(-1)).toEqual({ by: 'watcher-two', kind: 'mic' })
  heard = one.frames.length
}

/** Time passes; the watchers stay. */
const later = async (ms: number) => {
  for (let passed = 0; passed <= ms; passed += 5000) {
    for (const w of watchers) w.raw(`{"ack":${w.seen}}`)
    test.clock.advance(5000)
  }
}

/** Every answer is one of the table, and none says that the server failed. */
const plain = (page: TestPage) => {
  for (const frame of page.frames) {
    const error = 'error' in frame ? frame.error : 'refused' in frame ? frame.refused : undefined
    if (!error) continue
    expect(isErrorCode(error.code)).toBe(true)
    expect(error.code, JSON.stringify(error)).not.toBe('internal')
  }
}

/** Waits until nothing more is answered. */
const settled = async (page: TestPage) => {
  for (let before = -1; before !== page.frames.length; ) {
    before = page.frames.length
    await new Promise((resolve) => setTimeout(resolve, 4))
  }
}

const METHODS = Object.entries(DOMAINS).flatMap(([name, domain]) =>
  Object.keys(domain.requests).map((request) => `${name}.${request}`),
)
const DEVICES = {
  mic: true,
  cameras: [{ videoID: 1, name: 'c' }],
  defaultVideo: 1,
  multiVideo: true,
}
const VALID: Record<string, unknown> = {
  'session.login': { account: 'demo', password: MD5, nickName: 'n', userID: 'attacker-two' },
  'meetings.create': { subject: 's', withPassword: true },
  'meetings.destroy': { id: 12_345_678 },
  'meetings.resolve': { slug: 'abcdef' },
  'meetings.enter': { id: 12_345_678, password: 'p', nickName: 'n', devices: DEVICES },
  'members.openCamera': { sending: [1] },
  'members.close': { userID: 'watcher-one', kind: 'mic' },
  'members.askOpen': { userID: 'watcher-one', kind: 'camera' },
  'members.setDevices': DEVICES,
  'rtc.publish': { sdp: 'v=0', tracks: [{ mid: '0', kind: 'mic', videoID: 0 }] },
  'rtc.receive': { sdp: 'v=0' },
  'rtc.answer': { sdp: 'v=0', version: 1 },
  'rtc.watch': { videos: [{ userID: 'watcher-one', videoID: 1, height: 180 }] },
}
const params = fc.constantFrom(...Object.values(VALID)).chain(mutated)
const frame = fc.record({
  id: fc.oneof({ weight: 6, arbitrary: fc.integer({ min: -2, max: 400 }) }, hostileValue),
  method: fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...METHODS) }, hostileValue),
  params: fc.oneof({ weight: 6, arbitrary: params }, hostileValue),
})
const text = fc.oneof(
  { weight: 8, arbitrary: frame.map((f) => JSON.stringify(f)) },
  { weight: 2, arbitrary: hostileValue.map((v) => JSON.stringify(v) ?? 'undefined') },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 200 }) },
)
const run = { seed: SEED, numRuns: 120, endOnFailure: true }
/** What a chunk or a confirmation may hold, and any bytes. */
const binary = fc.oneof(
  fc
    .tuple(fc.constantFrom(0, 1, 2, 3), fc.nat(5), fc.nat(0xffff_ffff), fc.uint8Array())
    .map(([kind, transfer, offset, bytes]) => {
      const head = Buffer.alloc(9)
      head[0] = kind
      head.writeUInt32BE(transfer, 1)
      head.writeUInt32BE(offset, 5)
      return new Uint8Array([...head, ...bytes])
    }),
  fc.uint8Array({ maxLength: 40 }),
)

it.each(CORPUS)('corpus: %j', async (raw) => {
  for (const login of [true, false]) {
    const page = new TestPage(test)
    if (login) await page.login('attacker')
    else page.hello()
    page.raw(raw)
    await settled(page)
    plain(page)
    page.cut(4001)
  }
  await undisturbed()
})

it('any first frame costs only its sender', async () => {
  // Until the pages of the corpus are forgotten.
  await later(LIMITS.resume)
  await fc.assert(
    fc.asyncProperty(text, async (raw) => {
      const page = new TestPage(test)
      page.raw(raw)
      await settled(page)
      plain(page)
      expect(page.closed).not.toBeNull()
    }),
    { ...run, examples: CORPUS.map((raw): [string] => [raw]) },
  )
  await undisturbed()
  expect(test.app.gateway.size).toBe(watchers.length)
})

it.each([true, false])(
  'any frames after the greeting cost only their sender (login: %s)',
  async (login) => {
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 12 }), async (frames) => {
        const page = new TestPage(test)
        if (login) await page.login('attacker')
        else page.hello()
        for (const raw of frames) page.raw(raw)
        await settled(page)
        plain(page)
        page.cut(4001)
        await undisturbed()
      }),
      run,
    )
    await later(LIMITS.resume)
    expect(test.app.gateway.size).toBe(watchers.length)
  },
  60_000,
)

it.each([true, false])(
  '04 §7: any binary frames after the greeting cost only their sender (login: %s)',
  async (login) => {
    await fc.assert(
      fc.asyncProperty(fc.array(binary, { minLength: 1, maxLength: 12 }), async (frames) => {
        const page = new TestPage(test)
        if (login) await page.login('attacker')
        else page.hello()
        for (const bytes of frames) page.binary(bytes)
        await settled(page)
        plain(page)
        expect(page.chunks).toEqual([])
        page.cut(4001)
        await undisturbed()
      }),
      { ...run, examples: [[BINARY], ...BINARY.map((one): [typeof BINARY] => [[one]])] },
    )
    await later(LIMITS.resume)
    expect(test.app.gateway.size).toBe(watchers.length)
  },
  60_000,
)

it('forged tokens and numbers resume nothing; replayed requests act once', async () => {
  const token = watchers[0]?.token ?? ''
  const forged = fc.oneof(
    fc.string({ maxLength: 128 }),
    fc.integer({ min: 0, max: token.length - 1 }).map((i) => {
      const other = token[i] === 'A' ? 'B' : 'A'
      return token.slice(0, i) + other + token.slice(i + 1)
    }),
    fc.constantFrom(token.slice(0, -1), `${token} `, token.toLowerCase(), '__proto__'),
  )
  await fc.assert(
    fc.asyncProperty(forged, fc.nat(), async (guess, seen) => {
      fc.pre(guess !== token)
      const page = new TestPage(test)
      page.hello({ token: guess, seen })
      expect(page.frames).toMatchObject([{ refused: { code: 'session.unknown' } }])
    }),
    run,
  )
  const ahead = new TestPage(test)
  ahead.hello({ token, seen: Number.MAX_SAFE_INTEGER })
  expect(ahead.frames).toMatchObject([{ refused: { code: 'session.unknown' } }])
  await undisturbed()

  const page = await new TestPage(test).login('attacker')
  const create = JSON.stringify({
    id: 50,
    method: 'meetings.create',
    params: VALID['meetings.create'],
  })
  for (let i = 0; i < 5; i++) page.raw(create)
  page.raw(create.replace('"id":50', '"id":49'))
  await settled(page)
  expect(page.frames.filter((f) => 'id' in f && f.id >= 49)).toHaveLength(1)
  page.cut(4001)
})

it('entering and leaving again and again leaves nothing behind on the link', async () => {
  // So that no guess of the tests above counts any more.
  await later(60_000)
  const page = await new TestPage(test).login('attacker')
  const own = (await page.call('meetings.create', VALID['meetings.create'])) as MeetingInfo
  const enter = { ...(VALID['meetings.enter'] as object), id: own.id, password: own.password }
  const listening = vi.spyOn(Link.prototype, 'onEnd')
  for (let i = 0; i < 40; i++) {
    expect(await page.call('meetings.enter', enter)).toMatchObject({ me: 'attacker' })
    expect(await page.call('meetings.exit')).toEqual({})
    for (const w of [page, ...watchers]) w.raw(`{"ack":${w.seen}}`)
    test.clock.advance(100)
  }
  expect(listening.mock.calls.length).toBeLessThanOrEqual(1)
  listening.mockRestore()
  page.cut(4001)
  await undisturbed()
})

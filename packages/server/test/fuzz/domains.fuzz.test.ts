import {
  DOMAINS,
  type EventDef,
  LIMITS,
  type MeetingInfo,
  type ServerFrame,
} from '@yuntang/protocol'
import fc from 'fast-check'
import type { TSchema } from 'typebox'
import { Compile, type Validator } from 'typebox/compile'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { silentLog } from '../../src/core/log.ts'
import { startTestApp, type TestApp, TestPage } from '../support/page.ts'
import { type Asked, REQUESTS, samples } from '../support/requests.ts'
import { mutated, nearly } from './hostile.ts'

const SEED = 20261129
const failures: unknown[] = []
const EVENTS = new Map<string, Validator>(
  Object.entries(DOMAINS).flatMap(([domain, { events }]) =>
    Object.entries(events as Record<string, EventDef>).map(
      ([name, { payload }]) => [`${domain}.${name}`, Compile(payload as TSchema)] as const,
    ),
  ),
)
const ANSWERS = new Map<string, Validator>(
  [...REQUESTS].map(([name, { out }]) => [name, Compile(out as TSchema)] as const),
)

let test: TestApp
let watchers: TestPage[]
let meeting: MeetingInfo
let params: ReturnType<typeof samples>
/** How many frames of each watcher were looked at. */
const looked = [0, 0]

beforeAll(async () => {
  const log = { ...silentLog, error: (fields: unknown) => failures.push(fields) }
  test = await startTestApp({}, { log })
  watchers = [
    await new TestPage(test).login('watcher-one'),
    await new TestPage(test).login('watcher-two'),
  ]
  const created = { subject: 's', withPassword: true }
  meeting = (await watchers[0]?.call('meetings.create', created)) as MeetingInfo
  for (const watcher of watchers) await watcher.enter(meeting.id, meeting.password)
  const queue = await test.app.queues.create('demo', {
    ...{ name: 'q', desc: '', priority: 1, maxWaiting: 0, maxWaitMs: 60_000 },
    ...{ agents: null, global: false },
  })
  params = samples({
    meeting: meeting.id,
    password: meeting.password,
    slug: meeting.url.split('/').at(-1) ?? '',
    user: 'watcher-one',
    queue: queue?.id ?? 0,
    file: 'file',
    record: 'record',
  })
}, 60_000)
afterAll(async () => {
  await test.app.close()
  await test.storage.close()
})

/** What a page hears is what the contract says, whoever caused it, and fits a frame. */
const wellFormed = (frame: ServerFrame) => {
  if (!('event' in frame)) return
  const validator = EVENTS.get(frame.event)
  const fits = validator?.Check(frame.data) && JSON.stringify(frame).length < LIMITS.frameBytes
  expect(fits, JSON.stringify(frame).slice(0, 500)).toBe(true)
}

/** Everybody else is served as before, and has heard nothing but proper events. */
const served = async () => {
  for (const [i, watcher] of watchers.entries()) {
    for (const frame of watcher.frames.slice(looked[i])) wellFormed(frame)
    expect(watcher.closed).toBeNull()
    watcher.acknowledge()
  }
  const [one, two] = watchers as [TestPage, TestPage]
  expect(await two.call('members.askOpen', { userID: 'watcher-one', kind: 'mic' })).toEqual({})
  expect(one.events('members.openRequested').at(-1)?.by).toBe('watcher-two')
  for (const [i, watcher] of watchers.entries()) {
    watcher.acknowledge()
    watcher.frames.length = 0
    looked[i] = 0
  }
}

const settled = async (page: TestPage) => {
  for (let before = -1; before !== page.frames.length; ) {
    before = page.frames.length
    await new Promise((resolve) => setTimeout(resolve, 4))
  }
}

/** A member may end a meeting under the policy `open`: that is no attack. */
const METHODS = [...REQUESTS.keys()].filter((name) => name !== 'meetings.destroy')
const anyRequest = (methods: readonly Asked[]) =>
  fc
    .constantFrom(...methods)
    .chain((method) =>
      fc.tuple(
        fc.constant(method),
        fc.oneof(
          { weight: 4, arbitrary: nearly(params[method]) },
          { weight: 1, arbitrary: fc.constant(params[method]).chain(mutated) },
        ),
      ),
    )

const domains = Object.keys(DOMAINS).filter((name) => name !== 'session')

it.each([
  ['all domains', METHODS],
  ...domains.map((name): [string, Asked[]] => [
    name,
    // With what it needs around it.
    METHODS.filter((method) => method.startsWith(`${name}.`) || method === 'members.openCamera'),
  ]),
])(
  'a member who sends anything at all (%s) fails nothing and tells others only what the contract knows',
  async (_, methods) => {
    let answered = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyRequest(methods), { minLength: 1, maxLength: 12 }),
        async (requests) => {
          const page = await new TestPage(test).login('attacker')
          expect(await page.enter(meeting.id, meeting.password)).toHaveProperty('members')
          const asked = new Map<number, Asked>()
          for (const [method, given] of requests) asked.set(page.post(method, given), method)
          await settled(page)
          for (const frame of page.frames) {
            wellFormed(frame)
            if (!('id' in frame) || !asked.has(frame.id)) continue
            expect(frame.error?.code, JSON.stringify(requests)).not.toBe('internal')
            if (frame.error) continue
            answered += 1
            const method = asked.get(frame.id) as Asked
            const isOurs = ANSWERS.get(method)?.Check(frame.result)
            expect(isOurs, `${method} ${JSON.stringify(frame.result)}`).toBe(true)
          }
          page.cut(4001)
          await served()
          test.clock.advance(1_000)
        },
      ),
      { seed: SEED, numRuns: methods === METHODS ? 60 : 15, endOnFailure: true },
    )
    expect(failures).toEqual([])
    // Else it would prove little.
    expect(answered).toBeGreaterThan(10)
  },
  120_000,
)

it.each([1_000, 20_000, 120_000])(
  '12 §1: an element of %i parts within parts is refused, in whatever action it comes',
  async (depth) => {
    const page = await new TestPage(test).login('attacker')
    await page.enter(meeting.id, meeting.password)
    const deep = '['.repeat(depth) + ']'.repeat(depth)
    const element = `{"elementID":"deep","type":1,"left":0,"top":0,"dot":${deep}}`
    const place = '"boardID":"b","page":0'
    const board = '{"boardID":"b","title":"t","width":100,"height":100,"pageCount":1}'
    const actions = [
      `{"do":"create","board":${board}}`,
      `{"do":"add",${place},"element":${element}}`,
      `{"do":"page",${place},"img":"","elements":[${element}],"from":0,"more":true}`,
      `{"do":"page",${place},"img":"","elements":[${element}],"from":0,"more":false}`,
    ].slice(0, depth > 100_000 ? 2 : 4)
    const params = `{"first":1,"actions":[${actions.join()}]}`
    page.raw(`{"id":900,"method":"board.edit","params":${params}}`)
    expect(await page.answer(900)).toMatchObject({ refused: actions.slice(1).map((_, i) => i + 1) })
    page.cut(4001)
    await served()
    expect(failures).toEqual([])
    test.clock.advance(1_000)
  },
)

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { createProcessEngine, type MediaEngine } from '@yuntang/media'
import type { MeetingInfo } from '@yuntang/protocol'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { freePort as freeUdpPort } from '../../../media/test/support/wait.ts'
import { bundleProgram } from '../support/bundle.ts'
import { startTestApp, type TestApp, TestPage } from '../support/page.ts'

const offer = (name: string) =>
  readFileSync(new URL(`../../../media/test/fixtures/${name}.sdp`, import.meta.url), 'utf8')
const PUB = offer('chromium-pub')
const SUB = offer('chromium-sub')
const TRACKS = [
  { mid: '0', kind: 'mic', videoID: 0 },
  { mid: '1', kind: 'camera', videoID: 1 },
]

let worker: Awaited<ReturnType<typeof bundleProgram>>
let engine: MediaEngine
let test: TestApp
let good: TestPage
let evil: TestPage
const crashes: unknown[] = []

beforeAll(async () => {
  worker = await bundleProgram(
    fileURLToPath(new URL('../../../media/src/worker.ts', import.meta.url)),
  )
  engine = await createProcessEngine({
    workerPath: worker.program,
    processes: 1,
    port: await freeUdpPort(),
    announce: ['127.0.0.1'],
  })
  engine.on('crashed', (c) => crashes.push(c))
  test = await startTestApp({}, { engine })
  good = await new TestPage(test).login('good')
  evil = await new TestPage(test).login('evil')
  const made = { subject: 's', withPassword: false }
  const meeting = (await good.call('meetings.create', made)) as MeetingInfo
  for (const page of [good, evil]) await page.enter(meeting.id)
  expect(await good.call('rtc.publish', { sdp: PUB, tracks: TRACKS })).toHaveProperty('sdp')
}, 60_000)
afterAll(async () => {
  test?.app.close()
  await test?.storage.close()
  await engine?.close()
  worker?.remove()
})

/** One line of a description with its value, or one of its words, replaced; or left out, or doubled. */
const changed = (sdp: string) => {
  const lines = sdp.split(/\r?\n/).filter(Boolean)
  const value = fc.oneof(
    fc.constantFrom('', '0', '-1', '99999999999', 'x'.repeat(2000), '\u0000', '\r', '🙂'),
    fc.string({ maxLength: 40 }),
  )
  const change = fc.tuple(fc.nat(lines.length - 1), fc.nat(8), value)
  return fc.array(change, { minLength: 1, maxLength: 3 }).map((changes) => {
    const all = [...lines]
    for (const [at, how, text] of changes) {
      const words = (all[at] ?? '').split(/(?<=[ :=])/)
      if (how === 0) all.splice(at, 1)
      else if (how === 1) all.splice(at, 0, all[at] ?? '')
      else {
        words[how % words.length] = text
        all[at] = words.join('')
      }
    }
    return `${all.join('\r\n')}\r\n`
  })
}

it('descriptions with any field changed: rtc.publish, receive and answer refuse or take them, and nobody else notices', async () => {
  const request = fc.oneof(
    fc.tuple(
      fc.constant('rtc.publish'),
      changed(PUB).map((sdp) => ({ sdp, tracks: TRACKS })),
    ),
    fc.tuple(
      fc.constant('rtc.receive'),
      changed(SUB).map((sdp) => ({ sdp })),
    ),
    fc.tuple(
      fc.constant('rtc.answer'),
      changed(SUB).map((sdp) => ({ sdp, version: 1 })),
    ),
    fc.tuple(
      fc.constant('rtc.publish'),
      fc
        .array(
          fc.record({
            mid: fc.string({ minLength: 1, maxLength: 16 }),
            kind: fc.constantFrom('mic', 'camera'),
            videoID: fc.constantFrom(0, 1, 2),
          }),
          { maxLength: 5 },
        )
        .map((tracks) => ({ sdp: PUB, tracks })),
    ),
  )
  await fc.assert(
    fc.asyncProperty(request, async ([method, params]) => {
      const answer = await evil.call(method, params)
      if (typeof answer === 'string')
        expect(['media.failed', 'media.stale', 'param.invalid', 'device.none']).toContain(answer)
      for (const page of [good, evil]) page.raw(`{"ack":${page.seen}}`)
      test.clock.advance(100)
    }),
    { seed: 20261125, numRuns: 200, endOnFailure: true },
  )
  expect(crashes).toEqual([])
  expect(good.events('rtc.reset')).toEqual([])
  expect(await good.call('rtc.publish', { sdp: PUB, tracks: TRACKS })).toHaveProperty('sdp')
}, 120_000)

it('08 §3: a camera is published under an own listed device only', async () => {
  const tracks = [{ mid: '1', kind: 'camera', videoID: 7 }]
  expect(await evil.call('rtc.publish', { sdp: PUB, tracks })).toBe('device.none')
})

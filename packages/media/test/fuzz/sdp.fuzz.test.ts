import fc from 'fast-check'
import { expect, test } from 'vitest'
import { EngineError } from '../../src/index.ts'
import { readOffer } from '../../src/sdp/offer.ts'
import { sdpCorpus } from '../support/corpus.ts'
import { chromiumPub, chromiumSimulcast, chromiumSub } from '../support/fixtures.ts'
import { CAM, fakeEngine, MIC, page, settled } from '../support/page.ts'

const SEED = 20261125
/** Offers that once did harm, and their like; they run first. */
const CORPUS = sdpCorpus()
/** Of processor time, so that a busy machine changes nothing. */
const SECOND = 1_000_000
const HOSTILE = [
  '',
  ' ',
  '\u0000',
  '-1',
  '0',
  '1e9',
  '4294967296',
  '99999999999999999999999',
  'NaN',
  '__proto__',
  'constructor',
  '%0d%0a',
  'x'.repeat(3000),
  '='.repeat(300),
  ';'.repeat(3000),
  'apt='.repeat(500),
  ' 96'.repeat(900),
  '\r',
  '\u2028a=evil',
  '🙂',
]
const hostile = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ maxLength: 60 }))

/** One description with some of its lines changed: removed, doubled, moved, or a part of one replaced. */
const mutated = (sdp: string) => {
  const lines = sdp.split(/\r?\n/).filter(Boolean)
  const change = fc.record({
    at: fc.nat(lines.length - 1),
    how: fc.constantFrom('remove', 'double', 'move', 'value', 'token', 'name', 'number', 'insert'),
    to: fc.nat(lines.length - 1),
    token: fc.nat(12),
    value: hostile,
  })
  return fc.array(change, { minLength: 1, maxLength: 4 }).map((changes) => {
    const all = [...lines]
    for (const { at, how, to, token, value } of changes) {
      const line = all[at] ?? ''
      const edit = (text: string) => all.splice(at, 1, text)
      if (how === 'remove') all.splice(at, 1)
      else if (how === 'double') all.splice(to, 0, line)
      else if (how === 'move') all.splice(to, 0, ...all.splice(at, 1))
      else if (how === 'value') edit(line.replace(/[:=].*$/s, (m) => m[0] + value))
      else if (how === 'name') edit(line.replace(/^a=[\w-]+/, `a=${value}`))
      else if (how === 'number') edit(line.replace(/\d+/, value))
      else if (how === 'insert') all.splice(at, 0, `a=${value}`)
      else {
        const parts = line.split(/(?=[ :;,=])/)
        parts[token % Math.max(1, parts.length)] = value
        edit(parts.join(''))
      }
    }
    return `${all.join('\r\n')}\r\n`
  })
}

const anySdp = fc.oneof(
  { weight: 4, arbitrary: mutated(chromiumPub) },
  { weight: 4, arbitrary: mutated(chromiumSimulcast) },
  { weight: 4, arbitrary: mutated(chromiumSub) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 2000 }) },
)
const LINE =
  /^(v=0|o=- \d+ \d+ IN IP4 127\.0\.0\.1|s=-|t=0 0|c=IN IP4 0\.0\.0\.0|m=(audio|video) \d+ UDP\/TLS\/RTP\/SAVPF[ \d]*|a=[\w-]+(:[^\r\n]*)?)$/

/** Refused with the sentence for the page, and never with anything else. */
const refusal = (error: unknown) => {
  expect(error).toBeInstanceOf(EngineError)
  expect((error as EngineError).message.length).toBeLessThan(4000)
  return null
}

test('an offer with any field changed is read or refused, in bounded time', {
  timeout: 60_000,
}, () => {
  fc.assert(
    fc.property(anySdp, (sdp) => {
      const from = process.cpuUsage()
      try {
        const { lines, remote } = readOffer(sdp)
        expect(lines.length).toBeLessThanOrEqual(512)
        expect(new Set(lines.map((l) => l.mid)).size).toBe(lines.length)
        for (const value of Object.values(remote)) expect(value).not.toMatch(/[\r\n]/)
      } catch (error) {
        refusal(error)
      }
      expect(process.cpuUsage(from).user).toBeLessThan(SECOND)
    }),
    {
      seed: SEED,
      numRuns: 1500,
      endOnFailure: true,
      examples: CORPUS.map((sdp): [string] => [sdp]),
    },
  )
})

/** Every field of every line of the recorded offers, with what makes the offer with another value in it. */
const everyField = function* (): Generator<(value: string) => string> {
  // Lines that all three have are changed once.
  const seen = new Set<string>()
  for (const sdp of [chromiumPub, chromiumSimulcast, chromiumSub]) {
    const lines = sdp.split(/\r?\n/).filter(Boolean)
    for (const [at, line] of lines.entries()) {
      if (seen.has(line)) continue
      seen.add(line)
      const fields = line.split(/(?<=[ :;,=/])|(?=[ :;,=/])/)
      for (const [field, was] of fields.entries()) {
        if (/^[ :;,=/]$/.test(was)) continue
        yield (value) => {
          const changed = [...fields.slice(0, field), value, ...fields.slice(field + 1)].join('')
          return [...lines.slice(0, at), changed, ...lines.slice(at + 1), ''].join('\r\n')
        }
      }
    }
  }
}
const VALUES = ['', '-1', '4294967296', '__proto__', 'x'.repeat(3000), '\r']

test('every field of every line, one after another, is read or refused with any hostile value in its place', {
  timeout: 60_000,
}, () => {
  let tried = 0
  for (const put of everyField())
    for (const value of VALUES) {
      tried += 1
      try {
        const { lines, remote } = readOffer(put(value))
        expect(lines.length).toBeLessThanOrEqual(512)
        for (const each of Object.values(remote)) expect(each).not.toMatch(/[\r\n]/)
      } catch (error) {
        refusal(error)
      }
    }
  expect(tried).toBeGreaterThan(2_000)
})

test('every field, one after another, as offer and as answer: what we say to it is of our own making', {
  timeout: 60_000,
}, async () => {
  const e = fakeEngine()
  const at = { room: 'other', peer: 'evil' }
  let [tried, taken] = [0, 0]
  for (const put of everyField()) {
    tried += 1
    const offer = put(VALUES[tried % VALUES.length] as string)
    const made = [
      await e.engine.publish({ ...at, offer, tracks: [MIC, CAM] }).catch(refusal),
      await e.engine.receive({ ...at, offer }).catch(refusal),
    ]
    for (const each of made) {
      taken += each ? 1 : 0
      for (const line of each?.answer.split('\r\n').slice(0, -1) ?? []) expect(line).toMatch(LINE)
    }
    await e.engine.answer({ ...at, sdp: offer, version: 1 }).catch(refusal)
    await e.engine.closePeer(at)
  }
  expect(tried).toBeGreaterThan(350)
  expect(taken).toBeGreaterThan(300)
})

test('what we answer to it has only lines of our own making, and the pair beside it goes on', {
  timeout: 60_000,
}, async () => {
  const e = fakeEngine()
  const [a, b] = [page(e, 'a'), page(e, 'b')]
  await a.publish()
  await b.receive()
  await b.answerAll()
  const offered = b.offered().length
  await fc.assert(
    fc.asyncProperty(anySdp, fc.boolean(), async (offer, publishing) => {
      const at = { room: 'other', peer: 'evil' }
      const work = publishing
        ? e.engine.publish({ ...at, offer, tracks: [MIC, CAM] })
        : e.engine.receive({ ...at, offer })
      const made = await work.catch(refusal)
      for (const line of made?.answer.split('\r\n').slice(0, -1) ?? []) expect(line).toMatch(LINE)
      await e.engine.answer({ ...at, sdp: offer, version: 1 }).catch(refusal)
      await e.engine.closePeer(at)
      await settled()
    }),
    {
      seed: SEED,
      numRuns: 400,
      endOnFailure: true,
      examples: CORPUS.flatMap((sdp): [string, boolean][] => [
        [sdp, true],
        [sdp, false],
      ]),
    },
  )
  expect(b.offered()).toHaveLength(offered)
  const before = b.sub.sent.length
  a.sendAudio()
  expect(b.sub.sent.length).toBeGreaterThan(before)
})

test.each([
  [
    'many fmtp parameters',
    () => chromiumPub.replace(/(a=fmtp:96 .*)?$/m, `a=fmtp:96 ${'a=b;'.repeat(50_000)}`),
  ],
  ['a line of 250 KB', () => `${chromiumPub}a=x:${'y'.repeat(250_000)}\r\n`],
  ['60,000 attributes', () => `${chromiumPub}${'a=x\r\n'.repeat(50_000)}`],
  ['2000 m-lines', () => chromiumPub + 'm=audio 9 UDP/TLS/RTP/SAVPF 111\r\n'.repeat(2000)],
  ['300 KB', () => 'v=0\r\n'.repeat(60_000)],
])('a description of %s is read or refused within a second', (_, make) => {
  const from = process.cpuUsage()
  try {
    readOffer(make())
  } catch (error) {
    refusal(error)
  }
  expect(process.cpuUsage(from).user).toBeLessThan(SECOND)
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compare, type Difference, type Finding, verifyFile } from '../../src/index.ts'
import {
  BEGAN,
  chunksOf,
  crypto,
  keyOf,
  manifestOf,
  noise,
  pieces,
  RECORDING,
  SERVER,
  seedOf,
  signStamp,
  stampsOf,
} from './support.ts'

const LENGTH = 600_000
const original = noise(LENGTH, 11)
const chunks = chunksOf(original)
const join = (...parts: Uint8Array[]) => {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
const isSame = (a: Uint8Array, b: Uint8Array) =>
  a.length === b.length && a.every((byte, i) => byte === b[i])
const place = fc.nat(LENGTH - 1)
const differ = (bytes: Uint8Array<ArrayBuffer>) => compare(chunks, chunksOf(bytes))
const covers = ({ start, end }: { start: number; end: number }, from: number, to: number) =>
  start <= from && end >= to

describe('where a file was changed', () => {
  test('nothing is found where nothing was changed', () => {
    expect(differ(original.slice())).toEqual([])
  })

  test('changed bytes: the range is named, in the recording and in the file', () => {
    fc.assert(
      fc.property(place, fc.integer({ min: 1, max: 255 }), (at, by) => {
        const bytes = original.slice()
        bytes[at]! ^= by
        const found = differ(bytes)
        expect(found).toHaveLength(1)
        expect(found[0]).toMatchObject({ kind: 'changed' })
        expect(covers(found[0]!.recorded, at, at + 1) && covers(found[0]!.found, at, at + 1)).toBe(
          true,
        )
        expect(found[0]!.recorded.end - found[0]!.recorded.start).toBeLessThanOrEqual(3 * 131_072)
      }),
      { numRuns: 40 },
    )
  })

  test('a cut: what is missing is named, also at the end and at the beginning', () => {
    const span = fc
      .tuple(place, place)
      .map(([a, b]) => [Math.min(a, b), Math.max(a, b) + 1] as const)
    fc.assert(
      fc.property(
        fc.oneof(
          span,
          place.map((n) => [n, LENGTH] as const),
          place.map((n) => [0, n + 1] as const),
        ),
        ([from, to]) => {
          const found = differ(join(original.subarray(0, from), original.subarray(to)))
          const [{ kind, recorded, found: at }] = found as [Difference]
          expect(found).toHaveLength(1)
          expect(kind).toBe('missing')
          expect(covers(recorded, from, to)).toBe(true)
          expect(recorded.end - recorded.start - (at.end - at.start)).toBe(to - from)
        },
      ),
      { numRuns: 40 },
    )
  })

  test('an insertion: what was added is named, and all after it is known again', () => {
    fc.assert(
      fc.property(fc.nat(LENGTH), fc.integer({ min: 1, max: 60_000 }), (at, length) => {
        const bytes = join(original.subarray(0, at), noise(length, at + 99), original.subarray(at))
        const [{ kind, recorded, found }, ...more] = differ(bytes) as [Difference]
        expect(more).toEqual([])
        expect(kind).toBe('added')
        expect(covers(found, at, at + length)).toBe(true)
        expect(found.end - found.start - (recorded.end - recorded.start)).toBe(length)
      }),
      { numRuns: 40 },
    )
  })

  test('a swap: a part that stands somewhere else is named with where it was', () => {
    const bytes = join(
      original.subarray(0, 50_000),
      original.subarray(350_000, 550_000),
      original.subarray(50_000, 350_000),
      original.subarray(550_000),
    )
    const moved = differ(bytes).filter(({ kind }) => kind === 'moved')
    expect(moved.length).toBeGreaterThan(0)
    for (const { recorded, found } of moved)
      expect(
        isSame(
          bytes.subarray(found.start, found.end),
          original.subarray(recorded.start, recorded.end),
        ),
      ).toBe(true)
  })

  test('any change at all is found, and outside of what is named the file is the recording', () => {
    const edit = fc.record({
      at: fc.nat(LENGTH),
      cut: fc.oneof(fc.nat(10), fc.nat(200_000)),
      put: fc.oneof(fc.nat(10), fc.nat(50_000)),
      seed: fc.nat(),
    })
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), (edits) => {
        let bytes: Uint8Array<ArrayBuffer> = original
        for (const { at, cut, put, seed } of edits)
          bytes = join(bytes.subarray(0, at), noise(put, seed), bytes.subarray(at + cut))
        const found = differ(bytes)
        expect(found.length === 0).toBe(isSame(bytes, original))
        let [r, f] = [0, 0]
        for (const d of found
          .filter(({ kind }) => kind !== 'moved')
          .concat({
            kind: 'changed',
            recorded: { start: LENGTH, end: LENGTH },
            found: { start: bytes.length, end: bytes.length },
          })) {
          expect(
            isSame(bytes.subarray(f, d.found.start), original.subarray(r, d.recorded.start)),
          ).toBe(true)
          r = d.recorded.end
          f = d.found.end
        }
      }),
      { numRuns: 40 },
    )
  })
})

describe('what the stamps say', () => {
  const stamps = stampsOf(chunks, 3)
  const manifest = manifestOf(chunks, stamps)
  const verify = (bytes: Uint8Array<ArrayBuffer>, of: object = manifest, trusted = keyOf(SERVER)) =>
    verifyFile(crypto, pieces(bytes), JSON.stringify(of), { trusted })

  test('an unchanged file is unchanged, complete, and stamped from its first to its last byte', async () => {
    const told = await verify(original)
    expect(told).toMatchObject({
      verdict: 'unchanged',
      timeline: { complete: true, unstamped: 0, longestGap: 10_000, first: BEGAN },
    })
  })

  test('a change has the time of the stamp behind it, and of one before which nothing of it was there', async () => {
    const at = stamps.at(-2)!.bytes + 20_000
    const bytes = original.slice()
    bytes[at]! ^= 1
    const told = await verify(bytes)
    if (told.verdict === 'unknown') throw new Error(told.doubt)
    const [{ kind, recorded, time }] = told.findings as [Finding]
    // Stamps count whole chunks: when one was given, up to a chunk more had been recorded.
    const before = stamps.filter(({ bytes: whole }) => whole + 131_072 <= recorded.start)
    expect(before.length).toBeGreaterThan(1)
    expect([kind, time.after, time.before]).toEqual([
      'changed',
      before.at(-1)!.time,
      stamps.at(-1)!.time,
    ])
    const early = original.slice()
    early[5]! ^= 1
    expect(await verify(early)).toMatchObject({
      findings: [{ time: { after: null, before: stamps[1]!.time } }],
    })
  })

  test('without stamps the file is compared all the same, and no time is claimed', async () => {
    const told = await verify(original, manifestOf(chunks, []))
    expect(told).toMatchObject({
      verdict: 'unchanged',
      timeline: { stamps: 0, first: null, complete: false, unstamped: LENGTH },
    })
    const cut = await verify(original.slice(0, 1000), manifestOf(chunks, []))
    expect(cut).toMatchObject({ findings: [{ time: { after: null, before: null } }] })
  })

  test('a recording whose end was cut off before the upload is not complete', async () => {
    const short = chunksOf(original.slice(0, 300_000))
    const fitting = stamps.filter(({ bytes }) => bytes <= 280_000)
    const told = await verify(original.slice(0, 300_000), manifestOf(short, fitting))
    expect(told).toMatchObject({ verdict: 'unchanged', timeline: { complete: false } })
    const withAll = await verify(original.slice(0, 300_000), manifestOf(short, stamps))
    expect(withAll).toMatchObject({ verdict: 'changed', findings: [] })
  })

  test('a file that was changed before the upload is found by its stamps, and where', async () => {
    const [, second, third] = stamps
    const at = second!.bytes + 20_000
    const flipped = original.slice()
    flipped[at]! ^= 1
    const inserted = join(original.subarray(0, at), noise(777, 5), original.subarray(at))
    for (const bytes of [flipped, inserted]) {
      const told = await verify(bytes, manifestOf(chunksOf(bytes), stamps))
      expect(told).toMatchObject({
        verdict: 'changed',
        findings: [],
        contradicted: [
          {
            recorded: { start: second!.bytes, end: third!.bytes },
            time: { after: null, before: third!.time },
          },
        ],
      })
      if (told.verdict === 'unknown') throw new Error(told.doubt)
      expect(covers(told.contradicted[0]!.found, at, at + 1)).toBe(true)
    }
  })

  test('stamps of another recording, and of another server, are not believed', async () => {
    const other = stampsOf(chunks, 3, 'f'.repeat(32))
    expect(await verify(original, manifestOf(chunks, other))).toMatchObject({
      doubt: 'inconsistent',
    })
    const relabelled = other.map((stamp) => ({ ...stamp, recording: RECORDING }))
    expect(await verify(original, manifestOf(chunks, relabelled))).toMatchObject({ doubt: 'stamp' })
    const foreign = stamps.map((stamp) => signStamp(stamp, seedOf('another')))
    expect(await verify(original, manifestOf(chunks, foreign))).toMatchObject({ doubt: 'stamp' })
  })

  test('a stamp whose time was put back, and any other changed word, breaks its signature', async () => {
    const earlier = stamps.map((stamp) => ({ ...stamp, time: stamp.time - 86_400_000 }))
    expect(await verify(original, manifestOf(chunks, earlier))).toMatchObject({ doubt: 'stamp' })
    const renamed = { ...manifest, upload: { ...manifest.upload, userID: 'bert' } }
    expect(await verify(original, renamed)).toMatchObject({
      verdict: 'unknown',
      doubt: 'signature',
    })
  })

  test('a manifest of a made-up key is right in itself and fails against the trusted key', async () => {
    const secret = seedOf('made up')
    const forged = manifestOf(
      chunks,
      stamps.map((stamp) => signStamp(stamp, secret)),
      secret,
    )
    expect(await verify(original, forged)).toMatchObject({ doubt: 'key', key: keyOf(secret) })
    expect(await verify(original, forged, keyOf(secret))).toMatchObject({ verdict: 'unchanged' })
  })

  test('two recordings under one id contradict each other', async () => {
    const second = noise(LENGTH, 12)
    const both = [...stamps, ...stampsOf(chunksOf(second), 3)]
    expect(await verify(original, manifestOf(chunks, both))).toMatchObject({ verdict: 'changed' })
  })

  test('an upload before its own last stamp: the clock was put back', async () => {
    const early = manifestOf(chunks, stamps, SERVER, RECORDING, BEGAN)
    expect(await verify(original, early)).toMatchObject({
      verdict: 'unchanged',
      timeline: { clockWentBack: true },
    })
  })

  test('a time that no date can hold makes no manifest', async () => {
    const late = stamps.map((stamp) => signStamp({ ...stamp, time: 8_640_000_000_000_001 }, SERVER))
    expect(await verify(original, manifestOf(chunks, late))).toMatchObject({ doubt: 'unreadable' })
  })

  test('a whole manifest of another recording of this server: nothing of the file is in it', async () => {
    const other = chunksOf(noise(LENGTH, 12))
    const told = await verify(original, manifestOf(other, stampsOf(other, 3)))
    expect(told).toMatchObject({ verdict: 'changed', findings: [{ kind: 'changed' }] })
    if (told.verdict === 'unknown') throw new Error(told.doubt)
    expect(told.findings[0]!.found).toEqual({ start: 0, end: LENGTH })
  })

  test('nothing of a file: all of it is missing; twice the file: the second half was added', async () => {
    expect(await verify(new Uint8Array(0))).toMatchObject({
      verdict: 'changed',
      findings: [{ kind: 'missing', recorded: { start: 0, end: LENGTH } }],
    })
    const told = await verify(join(original, original))
    expect(told).toMatchObject({ verdict: 'changed', findings: [{ kind: 'added' }] })
  })

  test('a server whose clock was put back is said to', async () => {
    const [first, ...rest] = stamps
    const odd = [signStamp({ ...first!, time: BEGAN + 25_000 }), ...rest]
    expect(await verify(original, manifestOf(chunks, odd))).toMatchObject({
      verdict: 'unchanged',
      timeline: { clockWentBack: true },
    })
  })
})

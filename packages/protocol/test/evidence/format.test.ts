import { ed25519 } from '@noble/curves/ed25519'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  canonicalText,
  chainOn,
  chainStart,
  createChunker,
  EVIDENCE,
  fromBase64url,
  readManifest,
  stampMessage,
  toBase64url,
} from '../../src/index.ts'
import { MANIFESTS } from '../corpus/manifests.ts'
import {
  BEGAN,
  chunksOf,
  keyOf,
  manifestOf,
  noise,
  RECORDING,
  SERVER,
  signStamp,
  stampsOf,
} from './support.ts'

describe('canonical text', () => {
  test('members stand in order of their UTF-16 units (RFC 8785 §3.2.3)', () => {
    const names = ['\u20ac', '\r', '\ufb33', '1', '\u{1f600}', '\u0080', '\u00f6']
    const given = Object.fromEntries(names.map((name, i) => [name, i]))
    expect(canonicalText(given)).toBe(
      '{"\\r":1,"1":3,"\u0080":5,"\u00f6":6,"\u20ac":0,"\u{1f600}":4,"\ufb33":2}',
    )
  })

  test('text is written as RFC 8785 §3.2.2.2 says', () => {
    expect(canonicalText('\u20ac$\u000f\nA\'B"\\\\"/')).toBe(
      '"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"',
    )
  })

  test('it is the same whatever the order was, and JSON reads it back', () => {
    const value = fc.letrec<{ any: unknown }>((tie) => ({
      any: fc.oneof(
        { maxDepth: 3 },
        fc.string({ unit: 'grapheme' }),
        fc.maxSafeInteger(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('any'), { maxLength: 4 }),
        fc.dictionary(fc.string(), tie('any'), { maxKeys: 4, noNullPrototype: true }),
      ),
    })).any
    fc.assert(
      fc.property(value, (given) => {
        const text = canonicalText(given as never)
        expect(JSON.parse(text)).toEqual(Object.is(given, -0) ? 0 : given)
        expect(canonicalText(JSON.parse(text))).toBe(text)
      }),
    )
  })

  test('half a character, fractions and numbers that are not exact are refused', () => {
    for (const bad of ['\ud800', 'a\udc00', 0.5, 2 ** 53, Number.NaN])
      expect(() => canonicalText({ a: [bad] })).toThrow(TypeError)
  })
})

test('base64url is that of RFC 4648 §5 without padding, and has one text for each value', () => {
  expect(toBase64url(Uint8Array.of(0xfb, 0xff, 0xbf, 0x00))).toBe('-_-_AA')
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 70 }), (bytes) => {
      expect(fromBase64url(toBase64url(bytes))).toEqual(bytes)
    }),
  )
  for (const bad of ['A', 'AB', 'AAB', 'A=', 'A A ', 'AA+A', 'AAAAA'])
    expect(fromBase64url(bad)).toBe(null)
})

describe('chunks', () => {
  test('they are the same however the file comes', () => {
    const bytes = noise(700_000, 7)
    const whole = chunksOf(bytes)
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 90_000 }), { minLength: 1 }), (sizes) => {
        const chunker = createChunker()
        const lengths: number[] = []
        for (let at = 0, i = 0; at < bytes.length; i++) {
          const next = at + sizes[i % sizes.length]!
          lengths.push(...chunker.push(bytes.subarray(at, next)).map((c) => c.length))
          at = next
        }
        const rest = chunker.end()
        if (rest) lengths.push(rest.length)
        expect(lengths).toEqual(whole.map(([length]) => length))
      }),
      { numRuns: 20 },
    )
  })

  test('a plain reading of the written rule cuts at the same places', () => {
    const bytes = noise(400_000, 3)
    const label = new Uint8Array([...EVIDENCE.gearLabel].map((c) => c.charCodeAt(0)))
    const gear = Array.from({ length: 256 }, (_, value) => {
      const [, text] = chunksOf(new Uint8Array([...label, value]))[0]!
      const [a, b, c, d] = fromBase64url(text)!
      return ((a! << 24) | (b! << 16) | (c! << 8) | d!) >>> 0
    })
    const lengths: number[] = []
    let begin = 0
    for (let i = 0; i < bytes.length; i++) {
      const length = i + 1 - begin
      let sum = 0
      if (length >= 8192)
        for (let k = 0; k < 32; k++) sum = (sum + gear[bytes[i - k]!]! * 2 ** k) % 2 ** 32
      const isCut = (length >= 8192 && sum < 2 ** 17) || length === 131_072
      if (!isCut && i + 1 < bytes.length) continue
      lengths.push(length)
      begin = i + 1
    }
    expect(chunksOf(bytes).map(([length]) => length)).toEqual(lengths)
  })

  test('content without any variety is cut all the same', () => {
    const lengths = chunksOf(new Uint8Array(300_000)).map(([length]) => length)
    expect(lengths.every((length) => length <= EVIDENCE.chunkMost)).toBe(true)
    expect(lengths.reduce((a, b) => a + b)).toBe(300_000)
  })
})

describe('golden vectors: what docs/evidence.md prints', () => {
  const bytes = noise(200_000, 1)
  const chunks = chunksOf(bytes)

  test('chunks', () => {
    expect(chunks).toMatchInlineSnapshot(`
      [
        [
          40385,
          "XvqkAm2DbKxviT_5bIcVdjL_Vv7zD_TgbuIW8QaDaCw",
        ],
        [
          39158,
          "1H9KOLsYD-bksE-zB3ZiIub7Y4B_9UwMuz3wTRtUFfc",
        ],
        [
          34826,
          "IOSkgyMvY_9d5l2q48wkO3JBvjvPYH9zfIl-dI-Q4Z0",
        ],
        [
          24196,
          "dzjTvm2-Dp1M13iXir4tZqr21XLCPEULykVOwvCIcXk",
        ],
        [
          11394,
          "a4AKGwL5JtL1RiA3GKlEmFTDhI8YgOmEe0vYzui7o3c",
        ],
        [
          23610,
          "cF1KpthnHOFnR6xGoDBz6G07b4lnrcmBFodP-SLp_Jo",
        ],
        [
          26431,
          "y-6s0wydKb_uqhDZklft-IVTzd76KlcmuUcyw3QTc9Q",
        ],
      ]
    `)
  })

  test('chain', () => {
    expect([chainStart(RECORDING), chainOn(chainStart(RECORDING), chunks)]).toMatchInlineSnapshot(`
      [
        "0UtA-w5YM8lUlCZC8T5RZFJfRtVtQpRyxAyQq2Y4RRc",
        "B2z1R2jKQdTu7FkwkbKqHZSh73hkOuEu0LTC1IQerq0",
      ]
    `)
  })

  test('key, stamp and what is signed for it', () => {
    const stamp = signStamp({
      recording: RECORDING,
      bytes: 0,
      head: chainStart(RECORDING),
      final: false,
      time: BEGAN,
      account: 'demo',
      userID: '小王',
      meeting: 12_345_678,
    })
    const message = stampMessage(stamp)
    expect(
      ed25519.verify(fromBase64url(stamp.signature)!, message, fromBase64url(keyOf(SERVER))!),
    ).toBe(true)
    expect([keyOf(SERVER), stamp.signature]).toMatchInlineSnapshot(`
      [
        "WwQjv_Ljjptplt3JpAzqBX0nHywpIWZ1KNkVR6GxSc8",
        "doIqvh-amNEA77x704EI_ditV9_TdJYMjCV7He15f9-46RBh2Ddnlzn9ZpBFQEW3G58Pk1khl6poj9yy6aoPDw",
      ]
    `)
    expect(String.fromCharCode(...message)).toMatchInlineSnapshot(`
      "yuntang-evidence/1 stamp
      {"account":"demo","bytes":0,"final":false,"head":"0UtA-w5YM8lUlCZC8T5RZFJfRtVtQpRyxAyQq2Y4RRc","meeting":12345678,"recording":"00112233445566778899aabbccddeeff","time":1800000000000,"userID":"å°ç"}"
    `)
  })

  test('manifest', () => {
    const { signature } = manifestOf(chunks, stampsOf(chunks, 2))
    expect(signature).toMatchInlineSnapshot(
      `"i1NWrLR1yIHa_b7cdjCOkmCgmmFSLW1N00yRLe6FR2jqqKf5nKXXTwDglDtASh8l6UrIelvTU5-Dt_90rRadCg"`,
    )
  })
})

describe('reading a manifest', () => {
  const chunks = chunksOf(noise(150_000, 2))
  const text = JSON.stringify(manifestOf(chunks, stampsOf(chunks, 1)))

  test('a good one is read, also with a byte order mark and spaces', () => {
    expect(readManifest(text).ok).toBe(true)
    expect(readManifest(`\uFEFF${JSON.stringify(JSON.parse(text), null, 2)}\n`).ok).toBe(true)
  })

  test('one of a later format is told apart from rubbish', () => {
    expect(readManifest('{"format":"yuntang-evidence/2"}')).toEqual({ ok: false, fault: 'version' })
    for (const rubbish of ['', '{}', '[]', 'null', '"x"', '{"format":1}', text.slice(1)])
      expect(readManifest(rubbish)).toEqual({ ok: false, fault: 'unreadable' })
  })

  test('parts that do not belong together are refused', () => {
    const with_ = (change: (manifest: ReturnType<typeof manifestOf>) => void) => {
      const copy = JSON.parse(text)
      change(copy)
      return readManifest(JSON.stringify(copy))
    }
    const inconsistent = { ok: false, fault: 'inconsistent' }
    expect(with_((m) => m.file.bytes++)).toEqual(inconsistent)
    expect(with_((m) => m.chunks.reverse())).toEqual(inconsistent)
    expect(with_((m) => m.stamps.reverse())).toEqual(inconsistent)
    expect(with_((m) => (m.recording = 'f'.repeat(32)))).toEqual(inconsistent)
    expect(with_((m) => Object.assign(m, { extra: 1 }))).toEqual({ ok: false, fault: 'unreadable' })
  })

  test('fuzz: whatever the text, it is read or refused, and never believed when it was changed', () => {
    const edit = fc.record({
      at: fc.nat(text.length - 1),
      cut: fc.nat(30),
      put: fc.oneof(
        fc.string({ maxLength: 8 }),
        fc.constantFrom('"', '{', '[', '1e999', '-0', '\\u'),
      ),
    })
    const changed = fc
      .array(edit, { minLength: 1, maxLength: 4 })
      .map((edits) =>
        edits.reduce((all, { at, cut, put }) => all.slice(0, at) + put + all.slice(at + cut), text),
      )
    const corpus = MANIFESTS.map(({ why, find, put }): [string] => {
      const seed = text.replace(new RegExp(find), put)
      expect(seed, why).not.toBe(text)
      return [seed]
    })
    fc.assert(
      fc.property(changed, (given) => {
        const read = readManifest(given)
        if (read.ok) expect(() => canonicalText(read.manifest as never)).not.toThrow()
      }),
      { seed: 20_261_129, numRuns: 400, examples: corpus },
    )
    // Of a name that comes twice the last counts, for everybody.
    for (const [seed] of corpus) {
      const read = readManifest(seed)
      if (read.ok) expect(canonicalText(read.manifest)).toBe(canonicalText(JSON.parse(text)))
    }
  })
})

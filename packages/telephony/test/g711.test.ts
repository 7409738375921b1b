import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { aLaw, muLaw } from '../src/codec/g711.ts'
import './support/seed.ts'

/** The samples of all 256 codes, as an independent decoder has them (G.711 tables 1a to 2b, 16 bits). */
const golden = JSON.parse(
  readFileSync(new URL('./fixtures/g711.json', import.meta.url), 'utf8'),
) as { aLaw: number[]; muLaw: number[] }

const ALL = Uint8Array.from({ length: 256 }, (_, i) => i)

describe.each([
  ['A-law', aLaw, golden.aLaw],
  ['µ-law', muLaw, golden.muLaw],
])('G.711 %s', (name, law, samples) => {
  const decoded = new Int16Array(256)
  law.decode(ALL, decoded)

  test('every code is the sample of the tables', () => {
    expect([...decoded]).toEqual(samples)
  })

  test('every sample of the tables is its code again', () => {
    const codes = new Uint8Array(256)
    law.encode(decoded, codes)
    // µ-law has two zeros; only the positive one is written.
    expect([...codes]).toEqual([...ALL].map((c) => (name === 'µ-law' && c === 0x7f ? 0xff : c)))
  })

  test('property: no sample is further from its level than half a step about it', () => {
    // G.711's decision values: where steps double, a level a little nearer may lie below.
    const levels = [...new Set(samples)].sort((a, b) => a - b)
    const one = new Int16Array(1)
    const code = new Uint8Array(1)
    fc.assert(
      fc.property(fc.integer({ min: -32_768, max: 32_767 }), (sample) => {
        one[0] = sample
        law.encode(one, code)
        const i = levels.indexOf(decoded[code[0] as number] as number)
        const [below, level = 0, above] = [levels[i - 1], levels[i], levels[i + 1]]
        if (below === undefined || above === undefined)
          expect(Math.abs(sample)).toBeGreaterThan(31_000)
        else
          expect(Math.abs(level - sample)).toBeLessThanOrEqual(
            Math.max(level - below, above - level) / 2 + 1,
          )
      }),
      { examples: [[-1_916], [1_916], [-32_768], [32_767], [0]] },
    )
  })
})

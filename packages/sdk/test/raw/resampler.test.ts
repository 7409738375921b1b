import { describe, expect, it } from 'vitest'
import { PcmBlocks } from '../../src/raw/pcm-blocks.ts'
import { RateGate } from '../../src/raw/rate-gate.ts'
import { Resampler } from '../../src/raw/resampler.ts'

const tone = (hz: number, rate: number, seconds: number) =>
  Float32Array.from({ length: rate * seconds }, (_, n) => Math.sin((2 * Math.PI * hz * n) / rate))

const rms = (samples: Float32Array) =>
  Math.sqrt(samples.reduce((sum, sample) => sum + sample ** 2, 0) / samples.length)

/** Pushed in pieces, as it comes from a page. */
const resampled = (from: number, to: number, input: Float32Array, piece = 1024) => {
  const resampler = new Resampler(from, to)
  const out: number[] = []
  for (let at = 0; at < input.length; at += piece)
    out.push(...resampler.push(input.subarray(at, at + piece)))
  return Float32Array.from(out)
}

const crossings = (samples: Float32Array) =>
  samples.filter((sample, i) => i > 0 && sample >= 0 && (samples[i - 1] as number) < 0).length

describe('08 §9: sound as 16 kHz', () => {
  it.each([48_000, 44_100, 16_000, 8_000])('a tone at %i Hz keeps pitch and strength', (from) => {
    const out = resampled(from, 16_000, tone(1_000, from, 2))
    expect(Math.abs(out.length - 32_000)).toBeLessThan(100)
    expect(crossings(out)).toBeGreaterThan(1_990)
    expect(crossings(out)).toBeLessThan(2_010)
    expect(rms(out.subarray(200, -200))).toBeCloseTo(Math.SQRT1_2, 2)
  })

  it('what 16 kHz cannot hold is taken out, not folded down', () => {
    expect(rms(resampled(48_000, 16_000, tone(10_000, 48_000, 1)))).toBeLessThan(0.01)
  })

  it('the pieces in which sound comes make no difference', () => {
    const input = tone(440, 44_100, 1)
    const whole = resampled(44_100, 16_000, input, input.length)
    expect(resampled(44_100, 16_000, input, 128)).toEqual(whole)
  })
})

describe('08 §9: blocks', () => {
  it('signed 16 bit little-endian, clipped, and a shorter last one', () => {
    const blocks: number[][] = []
    const cut = new PcmBlocks(4, (block) => blocks.push([...block]))
    cut.push(Float32Array.of(0, 1, -1))
    cut.push(Float32Array.of(2, -0.5))
    expect(blocks).toEqual([
      [0, 0, 0xff, 0x7f],
      [0x01, 0x80, 0xff, 0x7f],
    ])
    cut.flush()
    cut.flush()
    expect(blocks.slice(2)).toEqual([[0x01, 0xc0]])
  })
})

describe('08 §8: notices of pictures', () => {
  it('at most 30 in any second', () => {
    const gate = new RateGate(30)
    const passed = Array.from({ length: 300 }, (_, i) => i * 10).filter((at) => gate.pass(at))
    for (const start of passed)
      expect(passed.filter((at) => at >= start && at < start + 1_000).length).toBeLessThan(31)
    expect(passed.length).toBe(90)
  })
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ComfortNoise } from '../src/mix/comfort.ts'
import { frameLevel } from '../src/mix/level.ts'
import { Limiter } from '../src/mix/limiter.ts'
import { Mixer, Voice } from '../src/mix/mixer.ts'
import { SpeechGate } from '../src/room/speech-gate.ts'
import { amplitudeOf, joined, tone } from './support/tone.ts'
import './support/seed.ts'

const RATE = 48_000
const FRAME = 960

/** Voices that hum a tone each, as loud as given. */
const choir = (amplitudes: readonly number[]) => {
  const voices = amplitudes.map(() => new Voice(FRAME))
  // Whole periods in a frame: correlation tells them apart exactly.
  const hz = (i: number) => 200 + i * 100
  const turn = (n: number) => {
    for (const [i, v] of voices.entries()) {
      const amplitude = amplitudes[i] as number
      v.frame.set(tone(hz(i), FRAME, RATE, { from: n * FRAME, amplitude }))
      v.filled(amplitude === 0)
    }
  }
  return { voices, hz, turn }
}

/** Amplitude of every voice in what one of them (or a listener that says nothing) hears. */
const heardBy = (amplitudes: readonly number[], own: number | null) => {
  const { voices, hz, turn } = choir(amplitudes)
  const [mixer, limiter, out] = [new Mixer(FRAME), new Limiter(), new Int16Array(FRAME)]
  turn(0)
  mixer.begin(voices)
  const isSound = mixer.mix(own === null ? null : (voices[own] as Voice), limiter, out)
  return isSound ? amplitudes.map((_, i) => Math.round(amplitudeOf(out, hz(i), RATE))) : null
}

describe('mix-minus', () => {
  test('a telephone hears the loudest four of all others and never itself', () => {
    const amplitudes = [3_000, 2_500, 2_000, 1_500, 1_000, 500]
    const about = (levels: number[]) =>
      levels.map((x) => expect.closeTo(x, -1.5) as unknown as number)
    expect(heardBy(amplitudes, null)).toEqual(about([3_000, 2_500, 2_000, 1_500, 0, 0]))
    expect(heardBy(amplitudes, 0)).toEqual(about([0, 2_500, 2_000, 1_500, 1_000, 0]))
    expect(heardBy(amplitudes, 5)).toEqual(about([3_000, 2_500, 2_000, 1_500, 0, 0]))
  })

  test('who is alone hears nothing', () => {
    expect(heardBy([3_000], 0)).toBeNull()
    expect(heardBy([3_000, 0], 0)).toBeNull()
  })

  test('property: the own voice is absent, whoever speaks however loud', () => {
    const amplitudes = fc.array(fc.integer({ min: 0, max: 7_000 }), { minLength: 2, maxLength: 9 })
    fc.assert(
      fc.property(amplitudes, fc.nat(), (all, n) => {
        const own = n % all.length
        const heard = heardBy(all, own)
        if (heard) expect(heard[own]).toBeLessThanOrEqual(2)
        else expect(all.some((a, i) => a > 0 && i !== own)).toBe(false)
      }),
      { numRuns: 60 },
    )
  })

  test('a short pause does not cost a voice its place', () => {
    const { voices, turn } = choir([3_000, 2_500, 2_000, 1_500, 1_400])
    const [mixer, limiter, out] = [new Mixer(FRAME), new Limiter(), new Int16Array(FRAME)]
    turn(0)
    const last = voices[4] as Voice
    for (let n = 0; n < 10; n++) {
      turn(n)
      const first = voices[0] as Voice
      // It only breathes.
      if (n >= 5) {
        first.frame.set(tone(200, FRAME, RATE, { from: n * FRAME, amplitude: 1_000 }))
        first.filled(false)
      }
      mixer.begin(voices)
      mixer.mix(null, limiter, out)
      expect(amplitudeOf(out, 600, RATE)).toBeLessThan(5)
    }
    expect(last.level).toBeLessThan(127)
  })
})

describe('limiter', () => {
  const sum = (amplitude: number, from: number) =>
    Int32Array.from({ length: FRAME }, (_, i) =>
      Math.round(amplitude * Math.sin((2 * Math.PI * 400 * (from + i)) / RATE)),
    )

  test('four loud voices are turned down, not clipped; what is not loud passes as it is', () => {
    const limiter = new Limiter()
    const parts: Int16Array[] = []
    for (let n = 0; n < 20; n++) {
      const out = new Int16Array(FRAME)
      limiter.run(sum(100_000, n * FRAME), out)
      parts.push(out)
    }
    const loud = joined(parts.slice(5))
    expect(Math.max(...loud)).toBeLessThanOrEqual(30_001)
    // A clipped tone would have harmonics.
    expect(amplitudeOf(loud, 1_200, RATE)).toBeLessThan(100)
    expect(amplitudeOf(loud, 400, RATE)).toBeGreaterThan(28_000)
    const quiet = new Int16Array(FRAME)
    new Limiter().run(sum(20_000, 0), quiet)
    expect([...quiet]).toEqual([...sum(20_000, 0)])
  })

  test('after a shout the loudness comes back within two seconds', () => {
    const limiter = new Limiter()
    const out = new Int16Array(FRAME)
    limiter.run(sum(120_000, 0), out)
    for (let n = 1; n < 100; n++) limiter.run(sum(5_000, n * FRAME), out)
    expect(amplitudeOf(out, 400, RATE)).toBeGreaterThan(4_900)
  })
})

test('RFC 6464 §3: the level is −dBov: a full tone is 3, silence 127', () => {
  expect(frameLevel(tone(400, FRAME, RATE, { amplitude: 32_767 }))).toBe(3)
  expect(frameLevel(tone(400, FRAME, RATE, { amplitude: 328 }))).toBe(43)
  expect(frameLevel(new Int16Array(FRAME))).toBe(127)
})

test('comfort noise is there, quiet, and without a step where it begins again', () => {
  const [noise, frame] = [new ComfortNoise(), new Int16Array(FRAME)]
  for (let n = 0; n < 200; n++) {
    noise.fill(frame)
    expect(frameLevel(frame)).toBeGreaterThan(70)
    expect(frameLevel(frame)).toBeLessThan(82)
  }
})

test('speech is sent with its pauses, its end softly, silence not at all', () => {
  const gate = new SpeechGate()
  expect(gate.admit(127)).toBe('silence')
  expect(gate.admit(30)).toBe('speech')
  const pause = Array.from({ length: 22 }, () => gate.admit(100))
  expect(pause.filter((k) => k === 'speech')).toHaveLength(19)
  expect(pause.slice(19)).toEqual(['last', 'silence', 'silence'])
  expect(gate.admit(58)).toBe('speech')
})

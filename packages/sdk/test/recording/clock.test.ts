import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createClock } from '../../src/recording/clock.ts'
import { cutSamples } from '../../src/recording/cut-samples.ts'
import { createSoundTime } from '../../src/recording/sound-time.ts'

describe('10 §2: recorded time, without pauses', () => {
  it('stands still in a pause and goes on without a gap', () => {
    let now = 10
    const clock = createClock(() => now)
    now = 12
    clock.pause()
    now = 20
    clock.pause()
    expect(clock.seconds).toBe(2)
    clock.resume()
    now = 23
    expect(clock.seconds).toBe(5)
    expect(clock.place(11, 21)).toEqual([
      { from: 11, to: 12, at: 1 },
      { from: 20, to: 21, at: 2 },
    ])
    expect(clock.place(5, 10)).toEqual([])
    expect(clock.place(13, 19)).toEqual([])
  })

  it('places every piece of sound behind the one before, without gap or overlap', () => {
    const step = fc.record({ for: fc.integer({ min: 1, max: 50 }), toggle: fc.boolean() })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        let now = 0
        const clock = createClock(() => now)
        let end = 0
        for (const { for: length, toggle } of steps) {
          const from = now
          now += length
          for (const placed of clock.place(from, now)) {
            expect(placed.at).toBe(end)
            end = placed.at + placed.to - placed.from
          }
          expect(clock.seconds).toBe(end)
          if (!toggle) continue
          if (clock.stands) clock.resume()
          else clock.pause()
        }
      }),
      { seed: 10 },
    )
  })

  it('cuts both channels of a piece of sound at the same samples', () => {
    const planes = Float32Array.from([0, 1, 2, 3, 10, 11, 12, 13])
    const samples = { planes, from: 1, to: 1.4 }
    expect(cutSamples(samples, { from: 1, to: 1.4, at: 0 })).toBe(planes)
    expect([...cutSamples(samples, { from: 1.1, to: 1.3, at: 0 })]).toEqual([1, 2, 11, 12])
  })
})

describe('sound and picture do not part', () => {
  const clocks = () => {
    const at = { sound: 0, page: 0 }
    return {
      at,
      time: createSoundTime(
        () => at.sound,
        () => at.page,
      ),
    }
  }

  it('follows the samples of a device that is 200 millionths fast or slow for an hour', () => {
    for (const rate of [0.9998, 1.0002]) {
      const { at, time } = clocks()
      for (let tick = 0; tick < 3600 * 15; tick++) {
        at.page += 1 / 15
        at.sound += rate / 15
        if (tick % 100 === 0) expect(time.now).toBeCloseTo(at.sound, 9)
      }
      expect(time.of(at.sound)).toBeCloseTo(time.now, 9)
    }
  })

  it('what was made before the device stood keeps its place, however late the page hears of it', () => {
    const { at, time } = clocks()
    at.page = at.sound = 10
    const before = time.of(10)
    at.page += 2
    at.sound += 0.01
    expect(time.of(10)).toBeCloseTo(before, 9)
    expect(time.of(10.01)).toBeCloseTo(12, 1)
  })

  it('goes on by the page’s clock while the device stands still, and never back', () => {
    const { at, time } = clocks()
    let before = 0
    const look = () => {
      expect(time.now).toBeGreaterThanOrEqual(before)
      before = time.now
    }
    for (let tick = 0; tick < 300; tick++) {
      at.page += 0.05
      if (tick < 100 || tick >= 200) at.sound += 0.05
      look()
    }
    expect(time.now).toBeCloseTo(15, 1)
    expect(time.of(at.sound)).toBeCloseTo(time.now, 9)
  })
})

import { describe, expect, it } from 'vitest'
import { SOUND_RATE } from '../../src/recording/sound-mix.ts'
import { createSoundTrack } from '../../src/recording/sound-track.ts'

const setup = () => {
  const written: [at: number, seconds: number][] = []
  const track = createSoundTrack((planes, at) => written.push([at, planes.length / 2 / SOUND_RATE]))
  return { track, written }
}
const piece = (seconds: number) => new Float32Array(2 * Math.round(seconds * SOUND_RATE))

describe('10 §2.1: the file is written at least once a second, whatever becomes of the sound', () => {
  it('while the device stands there is silence, close behind the pictures', () => {
    const { track, written } = setup()
    for (let now = 0; now < 5; now += 1 / 15) track.fill(now)
    const ends = written.map(([at, seconds]) => at + seconds)
    expect(written.slice(1).every(([at], i) => Math.abs(at - (ends[i] ?? 0)) < 1e-9)).toBe(true)
    expect(ends.at(-1)).toBeGreaterThan(4.7)
    expect(ends.at(-1)).toBeLessThan(4.95)
  })

  it('after hours of sleep the silence comes in small pieces', () => {
    const { track, written } = setup()
    track.fill(3 * 3600)
    track.fill(3 * 3600)
    expect(written).toEqual([
      [0, 1],
      [1, 1],
    ])
  })

  it('what comes too late for its place is left out, and nothing behind it moves', () => {
    const { track, written } = setup()
    track.add(piece(0.5), 0)
    track.fill(2)
    track.add(piece(0.04), 0.5)
    track.add(piece(0.04), 1.95)
    track.add(piece(0.04), 1.99 - 1e-6)
    expect(written.map(([at]) => Number(at.toFixed(3)))).toEqual([0, 0.5, 1.95, 1.99])
  })
})

import { describe, expect, it } from 'vitest'
import { screenEncodings, screenPreference, screenScale } from '../../src/media/screen-encodings.ts'

const clear = { encodeType: 0, maxFPS: 8, maxKbps: 800 } as const
const small = { ...clear, encodeType: 1 } as const
const full = { width: 1920, height: 1080 }

describe('09 §1: how a screen is sent', () => {
  it('the encodings differ in rate and pictures per second, never in size', () => {
    for (const config of [clear, small]) {
      const [slow, whole] = screenEncodings(config, full, null)
      expect(slow?.scaleResolutionDownBy).toBe(whole?.scaleResolutionDownBy)
      expect(slow?.maxFramerate).toBeLessThan(whole?.maxFramerate ?? 0)
      expect(slow?.maxBitrate).toBeLessThan(whole?.maxBitrate ?? 0)
    }
    expect(screenEncodings(clear, full, null)[1]).toMatchObject({
      maxBitrate: 800_000,
      maxFramerate: 8,
      scaleResolutionDownBy: 1,
    })
    expect(screenEncodings(small, full, null)[1]).toMatchObject({ maxBitrate: 480_000 })
  })

  it.each([
    ['clear, small enough', clear, { width: 2560, height: 1600 }, 1],
    ['clear, too wide', clear, { width: 5120, height: 1600 }, 2],
    ['clear, too high', clear, { width: 1600, height: 3200 }, 2],
    ['less clear', small, { width: 1920, height: 1080 }, 1.5],
    ['less clear, upright', small, { width: 1080, height: 2560 }, 2],
    ['less clear, never enlarged', small, { width: 640, height: 360 }, 1],
  ])('%s', (_, config, size, scale) => expect(screenScale(config, size)).toBe(scale))

  it('what nobody receives rests', () => {
    const active = (needed: string[] | null) =>
      screenEncodings(clear, full, needed && new Set(needed)).map((e) => e.active)
    expect([active(null), active(['b']), active([])]).toEqual([
      [true, true],
      [false, true],
      [false, false],
    ])
  })

  it('a narrow path costs pictures per second, or size when motion counts', () => {
    expect([clear, small].map(screenPreference)).toEqual([
      'maintain-resolution',
      'maintain-framerate',
    ])
  })
})

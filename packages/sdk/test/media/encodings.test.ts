import { expect, test } from 'vitest'
import { DEFAULT_VIDEO } from '../../src/devices/video-config.ts'
import { cameraEncodings } from '../../src/media/encodings.ts'

const sizes = (lines: number, maxbps: number, needed: readonly string[] | null = null) =>
  cameraEncodings({ ...DEFAULT_VIDEO, maxbps }, lines, needed && new Set(needed)).map(
    (e) => [e.active, lines / e.scaleResolutionDownBy, e.maxBitrate] as const,
  )

test('08 §7: the largest layer obeys the configuration, a smaller one comes with it', () => {
  expect(sizes(360, 350_000)).toEqual([
    [true, 180, 105_000],
    [true, 360, 350_000],
  ])
  expect(sizes(720, 1_000_000)).toEqual([
    [true, 180, 105_000],
    [true, 720, 1_000_000],
  ])
})

test('a low rate is not spent on the smaller layer', () => {
  expect(sizes(360, 100_000)).toEqual([
    [true, 180, 50_000],
    [true, 360, 100_000],
  ])
})

test('below 360 lines two layers do not pay: the first carries the whole picture', () => {
  expect(sizes(256, 200_000)).toEqual([
    [true, 256, 200_000],
    [false, 256, 200_000],
  ])
  expect(sizes(256, 200_000, ['b']).map(([active]) => active)).toEqual([true, false])
  expect(sizes(256, 200_000, []).map(([active]) => active)).toEqual([false, false])
})

test('what nobody needs rests', () => {
  expect(sizes(720, 1_000_000, ['a']).map(([active]) => active)).toEqual([true, false])
  expect(sizes(720, 1_000_000, []).map(([active]) => active)).toEqual([false, false])
})

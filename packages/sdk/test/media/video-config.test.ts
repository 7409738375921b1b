import { expect, test } from 'vitest'
import {
  cameraConstraints,
  changeVideo,
  DEFAULT_VIDEO,
  videoEncoding,
  videoSize,
} from '../../src/devices/video-config.ts'

const config = (change: Parameters<typeof changeVideo>[1]) => changeVideo(DEFAULT_VIDEO, change)

test.each([
  [1, 0, 144, 80],
  [8, 0, 640, 360],
  [8, 1, 480, 360],
  [7, 1, 428, 320],
  [12, 2, 720, 720],
  [13, 0, 1920, 1080],
])('08 §1: size %d in ratio %d is %d×%d', (sizeType, wh_rate, width, height) => {
  expect(videoSize(config({ sizeType, wh_rate }))).toEqual({ width, height })
})

test('08 §7: missing and non-finite fields keep their value', () => {
  expect(config({ fps: Number.NaN, maxbps: Number.POSITIVE_INFINITY })).toEqual(DEFAULT_VIDEO)
})

test('08 §7: fields are clamped to their range', () => {
  expect(config({ sizeType: 99, fps: 1, maxbps: -5, qp_min: 0, qp_max: 99, wh_rate: 7 })).toEqual({
    sizeType: 13,
    fps: 5,
    maxbps: 1,
    qp_min: 18,
    qp_max: 51,
    wh_rate: 2,
  })
})

test('08 §7: qp_max below qp_min is raised to it', () => {
  expect(config({ qp_min: 40, qp_max: 20 })).toMatchObject({ qp_min: 40, qp_max: 40 })
})

test('08 §7: changing sizeType without maxbps sets the rate of the table', () => {
  expect(config({ sizeType: 12 }).maxbps).toBe(1_000_000)
  expect(config({ sizeType: 12, maxbps: 70_000 }).maxbps).toBe(70_000)
  expect(changeVideo(config({ maxbps: 70_000 }), { sizeType: 8 }).maxbps).toBe(70_000)
})

test('08 §7: maxbps × q, at least 30 000; q falls by 0.03 per step of qp_min above 25 down to 0.3', () => {
  const rate = (qp_min: number, maxbps = 100_000_000) =>
    videoEncoding(config({ qp_min, maxbps })).maxBitrate / 1e8
  expect(rate(25)).toBe(1)
  expect(rate(26)).toBeCloseTo(0.97)
  expect(rate(51)).toBeCloseTo(0.3)
  expect(videoEncoding(config({ maxbps: 1 })).maxBitrate).toBe(30_000)
})

test('08 §7: qp_max up to 30 keeps the resolution, above it the frame rate', () => {
  expect(videoEncoding(config({ qp_max: 30 })).degradationPreference).toBe('maintain-resolution')
  expect(videoEncoding(config({ qp_max: 31 })).degradationPreference).toBe('maintain-framerate')
})

test('08 §7: the camera is asked for size, frame rate and cropping', () => {
  expect(cameraConstraints(DEFAULT_VIDEO)).toEqual({
    width: { ideal: 640 },
    height: { ideal: 360 },
    frameRate: { ideal: 15 },
    resizeMode: 'crop-and-scale',
  })
})

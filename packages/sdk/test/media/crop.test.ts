import { expect, test } from 'vitest'
import { cropOf } from '../../src/devices/crop.ts'

const size = (width: number, height: number) => ({ width, height })

test('08 §7: a picture of the configured size or ratio is sent as it is', () => {
  expect(cropOf(size(640, 360), size(640, 360))).toBeNull()
  expect(cropOf(size(320, 180), size(640, 360))).toBeNull()
  // The table rounds: 224 × 128 is 16:9 too.
  expect(cropOf(size(224, 126), size(224, 128))).toBeNull()
})

test('08 §7: another ratio is cropped to the centre', () => {
  expect(cropOf(size(640, 480), size(640, 360))).toEqual({
    ...{ x: 0, y: 60, width: 640, height: 360 },
    out: size(640, 360),
  })
  expect(cropOf(size(640, 360), size(360, 360))).toEqual({
    ...{ x: 140, y: 0, width: 360, height: 360 },
    out: size(360, 360),
  })
})

test('08 §7: a larger picture is made smaller, a smaller one is not enlarged', () => {
  expect(cropOf(size(1280, 720), size(640, 360))?.out).toEqual(size(640, 360))
  expect(cropOf(size(320, 240), size(1280, 720))).toMatchObject({
    ...{ x: 0, y: 30, width: 320, height: 180 },
    out: size(320, 180),
  })
})

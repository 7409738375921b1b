import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import './support/seed.ts'
import { isH264Key } from '../src/rtp/h264.ts'
import { distance, distance32, isNewer, unwrap } from '../src/rtp/seq.ts'
import { emptyDescriptor, isVp8Key, readVp8Descriptor, vp8Height } from '../src/rtp/vp8.ts'
import { corpus } from './support/corpus.ts'
import { hex, vp8 } from './support/packets.ts'

describe('RFC 7741 §4.2: VP8 payload descriptor', () => {
  test('15-bit picture id, TL0PICIDX and TID/KEYIDX', () => {
    const d = emptyDescriptor()
    const b = hex('90 f0 9234 05 60 10')
    expect(readVp8Descriptor(b, 0, b.length, d)).toBe(true)
    expect(d).toEqual({
      length: 6,
      startsPicture: true,
      pictureIdAt: 2,
      wide: true,
      pictureId: 0x1234,
      tl0At: 4,
      tl0: 5,
    })
  })
  test('7-bit picture id alone, and no extension at all', () => {
    const d = emptyDescriptor()
    expect(readVp8Descriptor(hex('8080 17 00'), 0, 4, d)).toBe(true)
    expect(d).toMatchObject({ length: 3, wide: false, pictureId: 0x17, tl0At: 0 })
    expect(readVp8Descriptor(hex('1000'), 0, 2, d)).toBe(true)
    expect(d).toMatchObject({ length: 1, pictureIdAt: 0, startsPicture: true })
  })
  test('key frames are told from others, and give their height', () => {
    const d = emptyDescriptor()
    const key = vp8({ key: true, picture: 1, tl0: 1, height: 720 })
    readVp8Descriptor(key, 0, key.length, d)
    expect(isVp8Key(key, d.length, key.length, d)).toBe(true)
    expect(vp8Height(key, d.length, key.length)).toBe(720)
    const other = vp8({ key: false, picture: 2, tl0: 2 })
    readVp8Descriptor(other, 0, other.length, d)
    expect(isVp8Key(other, d.length, other.length, d)).toBe(false)
  })
  test('a packet in the middle of a key frame does not begin it', () => {
    const d = emptyDescriptor()
    const b = hex('80 80 17 10')
    readVp8Descriptor(b, 0, b.length, d)
    expect(isVp8Key(b, d.length, b.length, d)).toBe(false)
  })
})

describe('RFC 6184: H.264 key frames', () => {
  test.each([
    ['single IDR', '65 88', true],
    ['single SPS', '67 42', true],
    ['single slice', '61 88', false],
    ['STAP-A with SPS', '78 0002 6742 0001 68', true],
    ['STAP-A without', '78 0002 0611 0002 4188', false],
    ['first FU-A of an IDR', '7c 85 11', true],
    ['later FU-A of an IDR', '7c 05 11', false],
    ['first FU-A of a slice', '7c 81 11', false],
  ])('%s', (_name, bytes, expected) => {
    const b = hex(bytes)
    expect(isH264Key(b, 0, b.length)).toBe(expected)
  })
})

test('damaged payloads never throw and stay within their packet', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat(45), (raw, end) => {
      const b = Buffer.from(raw)
      const last = Math.min(end, b.length)
      const d = emptyDescriptor()
      if (readVp8Descriptor(b, 0, last, d)) {
        expect(d.length).toBeLessThanOrEqual(last)
        isVp8Key(b, d.length, last, d)
        vp8Height(b, d.length, last)
        if (d.pictureIdAt) expect(d.pictureIdAt + (d.wide ? 1 : 0)).toBeLessThan(last)
      }
      expect(typeof isH264Key(b, 0, last)).toBe('boolean')
    }),
    {
      numRuns: 2000,
      examples: [...corpus('vp8'), ...corpus('h264')].map((b): [Buffer<ArrayBuffer>, number] => [
        b,
        b.length,
      ]),
    },
  )
})

test('RFC 1982: comparison and unwrapping hold across the wrap-around', () => {
  fc.assert(
    fc.property(fc.nat(1e9), fc.integer({ min: -32_767, max: 32_767 }), (base, step) => {
      const n = base + 40_000
      expect(unwrap((n + step) & 0xffff, n)).toBe(n + step)
      expect(distance((n + step) & 0xffff, n & 0xffff)).toBe(step)
      expect(isNewer((n + step) & 0xffff, n & 0xffff)).toBe(step > 0)
    }),
  )
  expect(distance32(5, 0xffffffff)).toBe(6)
})

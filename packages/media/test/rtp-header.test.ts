import fc from 'fast-check'
import { expect, test } from 'vitest'
import './support/seed.ts'
import { emptyHeader, extensionLength, findExtension, isRtcp, parseRtp } from '../src/rtp/header.ts'
import { corpus } from './support/corpus.ts'
import { hex, rtp } from './support/packets.ts'

test('RFC 3550 §5.1: a golden packet with CSRC, extension and padding is read in place', () => {
  const b = hex(`b1e0 fffe 00000064 deadbeef 0000aaaa
    bede 0002 10 8a 31 0102 00 00 00
    0909 000003`)
  const h = emptyHeader()
  expect(parseRtp(b, h)).toBe(true)
  expect(h).toMatchObject({
    payloadType: 0x60,
    marker: true,
    seq: 0xfffe,
    timestamp: 100,
    ssrc: 0xdeadbeef,
    payload: 28,
    end: 30,
  })
  const level = findExtension(b, h, 1)
  expect(b[level]).toBe(0x8a)
  const cc = findExtension(b, h, 3)
  expect([b.readUInt16BE(cc), extensionLength(b, h, cc)]).toEqual([0x0102, 2])
  expect(findExtension(b, h, 2)).toBe(0)
})

test('RFC 8285 §4.3: two-byte extensions are found', () => {
  const b = hex('9060 0001 00000000 00000001 1000 0002 04 02 6162 00 05 01 63 99')
  const h = emptyHeader()
  expect(parseRtp(b, h)).toBe(true)
  const at = findExtension(b, h, 4)
  expect(b.toString('latin1', at, at + extensionLength(b, h, at))).toBe('ab')
  expect(b[findExtension(b, h, 5)]).toBe(0x63)
})

test('RFC 8285 §4.2: id 15 ends a one-byte block', () => {
  const b = hex('9060 0001 00000000 00000001 bede 0001 f0 00 10 55 99')
  const h = emptyHeader()
  expect(parseRtp(b, h)).toBe(true)
  expect(findExtension(b, h, 1)).toBe(0)
})

test('RFC 5761 §4: RTCP is told from RTP by its packet type', () => {
  expect(isRtcp(hex('80c80006'))).toBe(true)
  expect(isRtcp(hex('81ce0002'))).toBe(true)
  expect(isRtcp(rtp({ pt: 96, marker: true }))).toBe(false)
  expect(isRtcp(rtp({ pt: 111 }))).toBe(false)
})

test('damaged packets never throw and never point outside', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), fc.integer({ min: 1, max: 255 }), (raw, id) => {
      const b = Buffer.from(raw)
      if (b.length > 0) b[0] = 0x80 | ((b[0] as number) & 0x3f)
      const h = emptyHeader()
      if (!parseRtp(b, h)) return
      expect(h.payload).toBeLessThanOrEqual(h.end)
      expect(h.end).toBeLessThanOrEqual(b.length)
      const at = findExtension(b, h, id)
      if (at) expect(at + extensionLength(b, h, at)).toBeLessThanOrEqual(h.payload)
    }),
    {
      numRuns: 2000,
      examples: corpus('rtp').flatMap((b) =>
        [1, 3, 4, 255].map((id): [Buffer<ArrayBuffer>, number] => [b, id]),
      ),
    },
  )
})

test('what is written is read again, whatever the extensions', () => {
  const ext = fc.dictionary(
    fc.integer({ min: 1, max: 14 }).map(String),
    fc.uint8Array({ minLength: 1, maxLength: 16 }).map((a) => Buffer.from(a)),
  )
  fc.assert(
    fc.property(ext, fc.nat(0xffff), fc.uint8Array({ maxLength: 30 }), (e, seq, payload) => {
      const b = rtp({ ext: e, seq, payload: Buffer.from(payload) })
      const h = emptyHeader()
      expect(parseRtp(b, h)).toBe(true)
      expect(h.seq).toBe(seq)
      expect([...b.subarray(h.payload, h.end)]).toEqual([...payload])
      for (const [id, data] of Object.entries(e)) {
        const at = findExtension(b, h, Number(id))
        expect(b.subarray(at, at + extensionLength(b, h, at)).equals(data)).toBe(true)
      }
    }),
  )
})

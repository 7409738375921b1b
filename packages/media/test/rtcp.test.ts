import fc from 'fast-check'
import { expect, test } from 'vitest'
import './support/seed.ts'
import { readRtcp } from '../src/rtp/rtcp.ts'
import {
  writeNack,
  writePli,
  writeReceiverReport,
  writeSenderReport,
} from '../src/rtp/rtcp-write.ts'
import { readTransportFeedback, writeTransportFeedback } from '../src/rtp/transport-cc.ts'
import { corpus } from './support/corpus.ts'
import { hex } from './support/packets.ts'

test('RFC 3550 §6.4.2: receiver report bytes', () => {
  const b = writeReceiverReport(1, [
    {
      ssrc: 0xaabbccdd,
      fractionLost: 0x80,
      cumulativeLost: 5,
      highestSeq: 0x00010002,
      jitter: 7,
      lastSr: 0x11223344,
      delaySinceSr: 9,
    },
  ])
  expect(b).toEqual(hex('81c90007 00000001 aabbccdd 80000005 00010002 00000007 11223344 00000009'))
})

test('RFC 3550 §6.4.1: sender report bytes, read back from a compound packet', () => {
  const report = { ssrc: 2, ntpHigh: 3, ntpLow: 4, rtpTime: 5, packets: 6, octets: 7 }
  const b = writeSenderReport(report)
  expect(b).toEqual(hex('80c80006 00000002 00000003 00000004 00000005 00000006 00000007'))
  const seen: unknown[] = []
  readRtcp(Buffer.concat([hex('80c90001 00000009'), b, writePli(1, 0x77)]), {
    senderReport: (r) => seen.push(r),
    keyFrame: (ssrc) => seen.push(ssrc),
  })
  expect(seen).toEqual([report, 0x77])
})

test('RFC 4585 §6.3.1 and RFC 5104 §4.3.1: PLI and FIR ask for a key frame', () => {
  const seen: number[] = []
  const keyFrame = (ssrc: number) => seen.push(ssrc)
  expect(writePli(1, 2)).toEqual(hex('81ce0002 00000001 00000002'))
  readRtcp(hex('84ce0006 00000001 00000000 0000000a 01000000 0000000b 02000000'), { keyFrame })
  expect(seen).toEqual([10, 11])
})

test('draft-alvestrand-rmcat-remb-03 §2.2: REMB mantissa and exponent', () => {
  const seen: number[] = []
  readRtcp(hex('8fce0005 00000001 00000000 52454d42 01 0b ffff 00000002'), {
    bitrate: (b) => seen.push(b),
  })
  expect(seen).toEqual([0x3ffff * 2 ** 2])
})

test('RFC 4585 §6.2.1: NACK names exactly the missing numbers, wrap-around included', () => {
  expect(writeNack(1, 2, [0xffff, 0, 3, 20])).toEqual(
    hex('81cd0004 00000001 00000002 ffff0009 00140000'),
  )
  fc.assert(
    fc.property(fc.nat(0xffff), fc.uniqueArray(fc.nat(120), { minLength: 1 }), (base, offsets) => {
      const seqs = offsets.sort((a, b) => a - b).map((o) => (base + o) & 0xffff)
      const seen: number[] = []
      readRtcp(writeNack(1, 2, seqs), { nack: (_ssrc, seq) => seen.push(seq) })
      expect(seen).toEqual(seqs)
    }),
  )
})

test('transport-wide-cc-extensions-01 §3.1: what is written is read, within 250 µs', () => {
  const gaps = fc.array(
    fc.tuple(fc.integer({ min: 1, max: 30 }), fc.integer({ min: -2000, max: 300_000 })),
    {
      minLength: 1,
      maxLength: 60,
    },
  )
  fc.assert(
    fc.property(gaps, fc.nat(0xffff), fc.nat(1e9), (steps, base, start) => {
      let n = base
      let us = start + 1e6
      const arrivals = steps.map(([dn, du]) => {
        n += dn
        us += du
        return { n, us }
      })
      const first = arrivals[0]?.n ?? 0
      const span = n - first + 1
      const b = writeTransportFeedback({ sender: 1, media: 2, count: 3 }, first, span, arrivals)
      expect(b.length % 4).toBe(0)
      const seen = new Map<number, number | null>()
      expect(readTransportFeedback(b, 0, b.length, (seq, at) => seen.set(seq, at))).toBe(true)
      expect(seen.size).toBe(span)
      const got = arrivals.map((a) => seen.get(a.n & 0xffff) ?? Number.NaN)
      got.forEach((at, i) => {
        expect(Math.abs(at - (arrivals[i]?.us ?? 0))).toBeLessThanOrEqual(250)
      })
      expect([...seen.values()].filter((v) => v !== null)).toHaveLength(arrivals.length)
    }),
  )
})

test('transport-wide-cc-extensions-01 §3.1.3: run-length and one-bit chunks', () => {
  // 3 × small delta by run length, then the vector 10110000000000 of one-bit symbols.
  const b = hex('8fcd0006 00000001 00000002 0010 0007 000001 00 2003 ac00 04 08 0c 10 14 18 0000')
  const seen: [number, number | null][] = []
  expect(readTransportFeedback(b, 0, b.length, (seq, us) => seen.push([seq, us]))).toBe(true)
  expect(seen).toEqual([
    [16, 65_000],
    [17, 67_000],
    [18, 70_000],
    [19, 74_000],
    [20, null],
    [21, 79_000],
    [22, 85_000],
  ])
})

test('damaged RTCP never throws, whatever it claims to be', () => {
  const claiming = fc
    .tuple(
      fc.constantFrom(200, 201, 203, 205, 206),
      fc.nat(31),
      fc.nat(30),
      fc.uint8Array({ maxLength: 90 }),
    )
    .map(([type, format, length, raw]) =>
      Buffer.concat([Buffer.from([0x80 | format, type, 0, length]), Buffer.from(raw)]),
    )
  fc.assert(
    fc.property(claiming, (b) => {
      let calls = 0
      const count = () => {
        calls += 1
      }
      readRtcp(b, {
        senderReport: count,
        nack: count,
        keyFrame: count,
        bitrate: count,
        transportFeedback: (p, from, end) => void readTransportFeedback(p, from, end, count),
      })
      expect(calls).toBeLessThan(10_000)
    }),
    {
      numRuns: 3000,
      examples: [...corpus('rtcp'), ...corpus('transport-cc')].map((b): [Buffer] => [b]),
    },
  )
})

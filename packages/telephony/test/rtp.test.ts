import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DigitReader, DigitWriter } from '../src/rtp/digits.ts'
import { emptyHeader, readRtp, writeRtp } from '../src/rtp/header.ts'
import { Reception } from '../src/rtp/reception.ts'
import { readRtcp, writeReport } from '../src/rtp/rtcp.ts'
import { TrustedSource } from '../src/rtp/source.ts'
import './support/seed.ts'

const hex = (text: string) => Buffer.from(text.replace(/\s/g, ''), 'hex')

describe('RTP packets (RFC 3550 §5.1)', () => {
  test.each([
    [
      'plain, marker set',
      '80 88 1234 00010203 deadbeef 01 02 03',
      { payloadType: 8, marker: true, seq: 0x1234, timestamp: 0x10203, ssrc: 0xdeadbeef },
      [12, 15],
    ],
    [
      'two contributing sources',
      '82 00 0001 00000000 00000001 11111111 22222222 aa',
      { payloadType: 0, marker: false, seq: 1, timestamp: 0, ssrc: 1 },
      [20, 21],
    ],
    [
      'a header extension of one word',
      '90 00 ffff ffffffff 00000001 bede 0001 10000000 aa bb',
      { payloadType: 0, marker: false, seq: 0xffff, timestamp: 0xffffffff, ssrc: 1 },
      [20, 22],
    ],
    [
      'padding',
      'a0 00 0001 00000000 00000001 aa bb 00 00 03',
      { payloadType: 0, marker: false, seq: 1, timestamp: 0, ssrc: 1 },
      [12, 14],
    ],
  ])('golden: %s', (_name, packet, fields, [payload, end]) => {
    const h = emptyHeader()
    expect(readRtp(hex(packet), h)).toBe(true)
    expect(h).toEqual({ ...fields, payload, end })
  })

  test.each([
    ['short', '80 00 0001 00000000 000000'],
    ['of another version', '40 00 0001 00000000 00000001 aa'],
    ['with sources that are not there', '8f 00 0001 00000000 00000001 aa'],
    ['with an extension longer than itself', '90 00 0001 00000000 00000001 bede ffff aa'],
    ['with more padding than payload', 'a0 00 0001 00000000 00000001 09'],
    ['with padding of nothing', 'a0 00 0001 00000000 00000001 aa 00'],
  ])('a packet %s is none', (_name, packet) => {
    expect(readRtp(hex(packet), emptyHeader())).toBe(false)
  })

  test('property: what is written is read', () => {
    const u32 = fc.integer({ min: 0, max: 0xffffffff })
    const header = fc.record({
      payloadType: fc.integer({ min: 0, max: 127 }),
      marker: fc.boolean(),
      seq: fc.integer({ min: 0, max: 0xffff }),
      timestamp: u32,
      ssrc: u32,
    })
    fc.assert(
      fc.property(header, fc.uint8Array(), (fields, payload) => {
        const packet = writeRtp(fields, payload)
        const h = emptyHeader()
        expect(readRtp(packet, h)).toBe(true)
        expect(h).toEqual({ ...fields, payload: 12, end: 12 + payload.length })
        expect(new Uint8Array(packet.subarray(12))).toEqual(payload)
      }),
    )
  })
})

describe('RTCP (RFC 3550 §6)', () => {
  test('a sender report with a block is read with clock, loss and jitter; the name is written', () => {
    const report = writeReport({
      ssrc: 7,
      cname: 'line',
      now: Date.UTC(2026, 0, 1, 0, 0, 0, 500),
      sent: { timestamp: 160, packets: 3, octets: 480 },
      received: {
        ssrc: 9,
        fractionLost: 64,
        lost: 5,
        highest: 70_000,
        jitter: 12,
        lastReport: 1,
        delay: 2,
      },
    })
    // SR with one block: 13 words; SDES with the name: 4 words, zeros at its end.
    expect(report.subarray(0, 4)).toEqual(hex('81 c8 000c'))
    expect(report.subarray(52)).toEqual(hex('81 ca 0003 00000007 01 04 6c696e65 0000'))
    const seen: unknown[] = []
    readRtcp(report, {
      senderReport: (...data) => seen.push(data),
      reception: (...data) => seen.push(data),
    })
    // Seconds from 1900 to 2026, and half a one.
    const seconds = Date.UTC(2026, 0, 1) / 1000 + 2_208_988_800
    expect(seen).toEqual([
      [7, ((seconds & 0xffff) * 0x10000 + 0x8000) >>> 0],
      [9, 64, 12],
    ])
  })

  test('appendix A.3 and A.8: loss since the last report, jitter, and the delay since their report', () => {
    const r = new Reception()
    expect(r.report(0)).toBeNull()
    for (let i = 0; i < 100; i++)
      if (i % 4 !== 1) r.packet(9, (65_530 + i) & 0xffff, i * 160, i * 20, 8_000)
    r.senderReport(0xabcd, 2_000)
    expect(r.report(3_000)).toEqual({
      ssrc: 9,
      fractionLost: 64,
      lost: 25,
      highest: 65_530 + 99,
      jitter: 0,
      lastReport: 0xabcd,
      delay: 65_536,
    })
    expect(r.report(3_000)).toMatchObject({ fractionLost: 0, lost: 25 })
  })
})

describe('telephone events (RFC 4733)', () => {
  const event = (key: number, isEnd = false) => Buffer.from([key, isEnd ? 0x8a : 0x0a, 0, 160])

  test('a press is told once whichever of its packets come; the same key again is another press', () => {
    const reader = new DigitReader()
    const told = [
      reader.read(1, 800, event(1)),
      reader.read(1, 800, event(1)),
      reader.read(1, 800, event(1, true)),
      reader.read(1, 800, event(1, true)),
      reader.read(1, 1_800, event(1, true)), // only an end of the second press arrived
      reader.read(1, 800, event(1, true)), // late
      reader.read(1, 2_800, event(16)), // flash: no key
      reader.read(1, 3_800, Buffer.from([1])), // half an event
      reader.read(1, 4_800, event(15)),
      reader.read(2, 10, event(10)), // another source
    ]
    expect(told.filter((d) => d !== null)).toEqual(['1', '1', 'D', '*'])
  })

  test('property: whatever is pressed is read again, with any packets of a press but one lost', () => {
    const keys = fc.string({ unit: fc.constantFrom(...'0123456789*#ABCD'), maxLength: 12 })
    fc.assert(
      fc.property(keys, fc.nat(6), (digits, kept) => {
        const [writer, reader] = [new DigitWriter(), new DigitReader()]
        writer.press(digits)
        const told: string[] = []
        for (let frame = 0; frame < 200; frame++) {
          const packets = writer.next(1_000 + frame * 160, 160)
          if (!packets) break
          for (const [i, p] of packets.entries()) {
            const isKept = kept < 4 ? frame % 7 === kept || i === 2 : i === kept - 4
            const digit = isKept ? reader.read(1, p.timestamp, p.payload) : null
            if (digit) told.push(digit)
          }
        }
        expect(told.join('')).toBe(digits)
      }),
    )
  })

  test('§2.5: a press lasts 100 ms, its end is said three times, a pause follows', () => {
    const writer = new DigitWriter()
    writer.press('5x')
    const frames = Array.from({ length: 9 }, (_, i) => writer.next(i * 160, 160))
    expect(frames.map((f) => f?.length ?? null)).toEqual([1, 1, 1, 1, 3, 0, 0, 0, null])
    const packets = frames.flatMap((f) => f ?? [])
    expect(packets.map((p) => Buffer.from(p.payload).readUInt16BE(2))).toEqual([
      160, 320, 480, 640, 800, 800, 800,
    ])
    expect(packets.map((p) => p.timestamp)).toEqual(Array(7).fill(0))
    expect(packets.map((p) => p.marker)).toEqual([true, ...Array(6).fill(false)])
  })
})

describe('where sound is taken from', () => {
  test('only the named address is heard, in whatever way it is written', () => {
    const s = new TrustedSource()
    expect(s.accepts('192.0.2.1', 4000)).toBe(false)
    s.expect('192.0.2.1', 4000)
    expect(s.accepts('192.0.2.2', 4000)).toBe(false)
    expect(s.accepts('::ffff:192.0.2.1', 4000)).toBe(true)
    s.expect('2001:DB8:0:0::1', 4000)
    expect(s.accepts('2001:db8::1', 4000)).toBe(true)
    expect(s.accepts('192.0.2.1', 4000)).toBe(false)
  })

  test('another port of that address counts until the named one is heard, the first such only', () => {
    const s = new TrustedSource()
    s.expect('192.0.2.1', 4000)
    expect(s.accepts('192.0.2.1', 5000)).toBe(true)
    expect(s.port).toBe(5000)
    expect(s.accepts('192.0.2.1', 5002)).toBe(false)
    expect(s.accepts('192.0.2.1', 4000)).toBe(true)
    expect(s.accepts('192.0.2.1', 5000)).toBe(false)
    expect(s.port).toBe(4000)
  })

  test('the same description again changes nothing, another one begins anew', () => {
    const s = new TrustedSource()
    s.expect('192.0.2.1', 4000)
    s.accepts('192.0.2.1', 4000)
    s.expect('192.0.2.1', 4000)
    expect(s.accepts('192.0.2.1', 5000)).toBe(false)
    s.expect('192.0.2.1', 6000)
    expect(s.accepts('192.0.2.1', 5000)).toBe(true)
  })
})

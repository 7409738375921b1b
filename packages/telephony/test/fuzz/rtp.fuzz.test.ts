import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { OpusCodec } from '../../src/codec/opus.ts'
import { RtpStream } from '../../src/exchange/rtp-stream.ts'
import type { PortPair } from '../../src/exchange/sockets.ts'
import { DigitReader } from '../../src/rtp/digits.ts'
import { emptyHeader, readRtp, writeRtp } from '../../src/rtp/header.ts'
import { readRtcp } from '../../src/rtp/rtcp.ts'

const SEED = 20_261_129

/** Tricky inputs run before anything random; whatever fails once is added with its reason. */
const corpus = (name: 'rtp' | 'rtcp' | 'events' | 'opus'): [Buffer][] =>
  (
    JSON.parse(readFileSync(new URL(`./corpus/${name}.json`, import.meta.url), 'utf8')) as {
      hex: string
    }[]
  ).map(({ hex }) => [Buffer.from(hex.replace(/\s/g, ''), 'hex')])

const bytes = (max: number) => fc.uint8Array({ maxLength: max }).map((b) => Buffer.from(b))
/** Mostly right: only then the deeper branches are reached. */
const nearly = (first: number[], max: number) =>
  fc
    .tuple(fc.constantFrom(...first), bytes(max))
    .map(([byte, rest]) => Buffer.concat([Buffer.from([byte]), rest]))

test('fuzz: any bytes are an RTP packet whose payload lies within, or none', () => {
  const h = emptyHeader()
  fc.assert(
    fc.property(fc.oneof(bytes(200), nearly([0x80, 0x90, 0xa0, 0xb1, 0x8f], 90)), (b) => {
      if (!readRtp(b, h)) return
      expect(h.payload).toBeGreaterThanOrEqual(12)
      expect(h.end).toBeGreaterThanOrEqual(h.payload)
      expect(h.end).toBeLessThanOrEqual(b.length)
    }),
    { seed: SEED, numRuns: 20_000, examples: corpus('rtp') },
  )
})

test('fuzz: any bytes are read as RTCP without a throw, and no block from outside', () => {
  const report = nearly([0x80, 0x81, 0x9f], 120).map((b) => {
    if (b.length > 3) {
      b[1] = 200 + ((b[1] as number) % 4)
      b.writeUInt16BE((b[3] as number) % 40, 2)
    }
    return b
  })
  fc.assert(
    fc.property(fc.oneof(bytes(200), report), (b) => {
      let blocks = 0
      readRtcp(b, { reception: () => void blocks++ })
      expect(blocks).toBeLessThanOrEqual(b.length / 24)
    }),
    { seed: SEED, numRuns: 20_000, examples: corpus('rtcp') },
  )
})

test('fuzz: any payload of an event is a key or none', () => {
  const reader = new DigitReader()
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 8 }), fc.integer(), (payload, timestamp) => {
      expect(reader.read(1, timestamp >>> 0, payload) ?? '0').toMatch(/^[0-9*#A-D]$/)
    }),
    {
      seed: SEED,
      numRuns: 5_000,
      examples: corpus('events').map(([b], i): [Uint8Array, number] => [b, i]),
    },
  )
})

test('fuzz: any payload that a page sends as Opus is at most a frame of sound, and the next one sounds', () => {
  const codec = new OpusCodec({ bitrate: 24_000, complexity: 0 })
  const out = new Int16Array(2_880)
  const right = codec.encode(new Int16Array(960).fill(500)) as Uint8Array
  const damaged = fc
    .array(fc.tuple(fc.nat(right.length - 1), fc.nat(255)), { maxLength: 4 })
    .map((changes) => {
      const copy = Buffer.from(right)
      for (const [at, byte] of changes) copy[at] = byte
      return copy
    })
  fc.assert(
    fc.property(fc.oneof(bytes(1_500), nearly([0x00, 0x03, 0xfc, 0xff], 60), damaged), (b) => {
      const n = codec.decode(b, out)
      expect(n).toBeGreaterThanOrEqual(0)
      expect(n).toBeLessThanOrEqual(out.length)
      expect(codec.decode(right, out)).toBe(960)
    }),
    { seed: SEED, numRuns: 2_000, examples: corpus('opus') },
  )
  codec.close()
})

/** A line's packets without a network. */
const stream = () => {
  const sounds: number[] = []
  const digits: string[] = []
  const pair: PortPair = {
    port: 4_000,
    onRtp: () => {},
    onRtcp: () => {},
    sendRtp: () => {},
    sendRtcp: () => {},
    close: () => {},
  }
  const numbers = { ssrc: 1, seq: 1, timestamp: 1, cname: 'x' }
  const s = new RtpStream(pair, numbers, () => 0, {
    began: () => {},
    sound: (seq) => sounds.push(seq),
    other: () => {},
    digit: (d) => digits.push(d),
  })
  return { pair, sounds, digits, stream: s }
}

test('fuzz: whatever comes from anywhere, a line throws nothing and takes sound from its telephone only', () => {
  const { pair, sounds, stream: s } = stream()
  const to = { address: '192.0.2.1', port: 5_000, payloadType: 8, digits: 101 } as const
  s.connect({ ...to, codec: 'PCMA' }, 8_000)
  const from = fc.constantFrom('192.0.2.1', '192.0.2.9', '::ffff:192.0.2.9', '2001:db8::1')
  const right = fc
    .tuple(fc.nat(0xffff), fc.constantFrom(8, 101, 0), bytes(170))
    .map(([seq, payloadType, payload]) =>
      writeRtp({ payloadType, marker: false, seq, timestamp: seq * 160, ssrc: 9 }, payload),
    )
  fc.assert(
    fc.property(fc.oneof(bytes(2_000), right), from, (b, address) => {
      const before = sounds.length
      pair.onRtp(b, address, 5_000)
      pair.onRtcp(b, address)
      if (address !== '192.0.2.1') expect(sounds.length).toBe(before)
    }),
    { seed: SEED, numRuns: 10_000, examples: corpus('rtp').map(([b]) => [b, '192.0.2.1']) },
  )
  expect(sounds.length).toBeGreaterThan(200)
})

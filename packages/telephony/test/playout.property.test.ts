import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Playout, type SoundDecoder } from '../src/rtp/playout.ts'
import { amplitudeOf, joined, tone } from './support/tone.ts'
import './support/seed.ts'

const RATE = 8_000
const FRAME = 160
/** The bounds that the buffer promises, ms: most it aims at, what it bears beyond, and a packet. */
const MOST = 200 + 120 + 20

/** Packets carry their own number; the decoder notes in which order they come out. */
const numbered = () => {
  const order: number[] = []
  const decoder: SoundDecoder = {
    rate: RATE,
    decode(payload, out) {
      order.push(Buffer.from(payload).readUInt32BE(0))
      // It begins with a second of silence.
      out.fill((order.at(-1) ?? 0) < 50 ? 0 : 1_000, 0, FRAME)
      return FRAME
    },
  }
  return { order, playout: new Playout(decoder) }
}

const payloadOf = (n: number) => {
  const b = Buffer.alloc(4)
  b.writeUInt32BE(n)
  return b
}

interface Packet {
  readonly n: number
  readonly at: number
}

/** Pulls a frame each 20 ms while packets come when they come; the depth after each. */
const play = (packets: readonly Packet[], first = { seq: 0, timestamp: 0 }) => {
  const { order, playout } = numbered()
  const arrivals = [...packets].sort((a, b) => a.at - b.at)
  const depths: number[] = []
  const out = new Int16Array(FRAME)
  const end = (arrivals.at(-1)?.at ?? 0) + 500
  for (let now = 0, i = 0; now < end; now += 20) {
    for (let p = arrivals[i]; p && p.at <= now; p = arrivals[++i]) {
      const seq = (first.seq + p.n) & 0xffff
      playout.push(seq, (first.timestamp + p.n * FRAME) >>> 0, payloadOf(p.n), p.at)
    }
    out.fill(-1)
    playout.pull(out)
    expect(out.includes(-1)).toBe(false)
    depths.push(playout.waiting)
  }
  return { order, depths }
}

describe('jitter buffer', () => {
  /** What a network may do to each packet: delay, loss, and coming twice. */
  const fate = fc.record({
    delay: fc.integer({ min: 0, max: 400 }),
    isLost: fc.boolean(),
    again: fc.option(fc.integer({ min: 0, max: 400 })),
  })
  const stream = fc.array(fate, { minLength: 1, maxLength: 150 }).map((fates) =>
    fates.flatMap(({ delay, isLost, again }, n): Packet[] => {
      const copies = [{ n, at: n * 20 + delay }]
      if (again !== null) copies.push({ n, at: n * 20 + again })
      return isLost ? copies.slice(1) : copies
    }),
  )
  const start = fc.record({
    seq: fc.integer({ min: 0, max: 0xffff }),
    timestamp: fc.integer({ min: 0, max: 0xffffffff }),
  })

  test('property: any reordering, loss and duplication yields a growing sequence and bounded delay', () => {
    fc.assert(
      fc.property(stream, start, (packets, first) => {
        const { order, depths } = play(packets, first)
        for (let i = 1; i < order.length; i++)
          expect(order[i]).toBeGreaterThan(order[i - 1] as number)
        // A packet that comes just now is on top of what was waiting.
        expect(Math.max(0, ...depths)).toBeLessThanOrEqual(MOST)
      }),
    )
  })

  test('property: jitter of up to 100 ms loses nothing once it is known', () => {
    const jitter = fc.array(fc.integer({ min: 0, max: 99 }), { minLength: 100, maxLength: 100 })
    const known = Array.from({ length: 50 }, (_, n) => (n % 2) * 99)
    fc.assert(
      fc.property(jitter, (unknown) => {
        const delays = [...known, ...unknown]
        const { order } = play(delays.map((delay, n) => ({ n, at: n * 20 + delay })))
        const later = order.filter((n) => n >= 50)
        expect(later).toEqual(Array.from({ length: 100 }, (_, i) => i + 50))
      }),
      { numRuns: 50 },
    )
  })

  test('a burst after a break of a second does not become a second of delay', () => {
    const packets = Array.from({ length: 300 }, (_, n) => ({
      n,
      at: n >= 100 && n < 150 ? 3_000 : n * 20,
    }))
    const { depths } = play(packets)
    expect(Math.max(...depths.slice(155))).toBeLessThanOrEqual(MOST)
    expect(depths.at(-40)).toBeLessThan(100)
  })
})

/** Plays real samples through a clock that is off; what came out and how much waited in the end. */
const drift = (partsPerMillion: number, sound: (from: number) => Int16Array, seconds = 120) => {
  const samples = new Map<number, Int16Array>()
  const decoder: SoundDecoder = {
    rate: RATE,
    decode(payload, out) {
      const frame = samples.get(Buffer.from(payload).readUInt32BE(0)) as Int16Array
      out.set(frame)
      return frame.length
    },
  }
  const playout = new Playout(decoder)
  const out: Int16Array[] = []
  let n = 0
  let most = 0
  for (let now = 0; now < seconds * 1000; now += 20) {
    for (; n * 20 * (1 - partsPerMillion / 1e6) <= now; n++) {
      samples.set(n, sound(n * FRAME))
      playout.push(n & 0xffff, n * FRAME, payloadOf(n), now)
    }
    const frame = new Int16Array(FRAME)
    playout.pull(frame)
    out.push(frame)
    if (now > 10_000) most = Math.max(most, playout.waiting)
  }
  return { out: joined(out), most, waiting: playout.waiting }
}

describe('clocks that differ', () => {
  /** A second of tone, then half a second of silence. */
  const speech = (from: number) =>
    from % 12_000 < 8_000 ? tone(400, FRAME, RATE, { from }) : new Int16Array(FRAME)

  test.each([500, -500, 100, -100])('%i ppm: delay stays, words stay whole', (ppm) => {
    const { out, most } = drift(ppm, speech)
    expect(most).toBeLessThan(120)
    // In the middle of each word the tone is whole.
    let broken = 0
    for (let at = 16_000; at + 400 < out.length; at += 400) {
      const part = out.subarray(at, at + 400)
      const loud = Math.sqrt(part.reduce((sum, x) => sum + x * x, 0) / part.length)
      if (loud > 5_500 && amplitudeOf(part, 400, RATE) < 7_000) broken += 1
    }
    expect(broken).toBeLessThanOrEqual(1)
  })

  test('a faster clock without any pause is cut in speech in the end: delay stays bounded', () => {
    const { most } = drift(20_000, (from) => tone(400, FRAME, RATE, { from }), 60)
    expect(most).toBeLessThanOrEqual(MOST)
  })
})

describe('loss', () => {
  test('one lost packet of a voice is hardly heard: the level stays', () => {
    const order = Array.from({ length: 50 }, (_, n) => n)
    const decoder: SoundDecoder = {
      rate: RATE,
      decode(payload, out) {
        out.set(tone(200, FRAME, RATE, { from: Buffer.from(payload).readUInt32BE(0) * FRAME }))
        return FRAME
      },
    }
    const playout = new Playout(decoder)
    const parts: Int16Array[] = []
    for (const n of order) {
      if (n !== 30) playout.push(n, n * FRAME, payloadOf(n), n * 20)
      const frame = new Int16Array(FRAME)
      playout.pull(frame)
      parts.push(frame)
    }
    const levels = parts.slice(10).map((p) => amplitudeOf(p, 200, RATE))
    expect(Math.min(...levels)).toBeGreaterThan(5_000)
  })

  test('a stream that ends fades into silence within 100 ms', () => {
    const { playout } = numbered()
    for (let n = 50; n < 60; n++) playout.push(n, n * FRAME, payloadOf(n), n * 20)
    const frame = new Int16Array(FRAME)
    let sounding = 0
    for (let i = 0; i < 40; i++) if (playout.pull(frame)) sounding += 1
    expect(sounding).toBeLessThan(10 + 5)
    expect(frame.every((x) => x === 0)).toBe(true)
  })
})

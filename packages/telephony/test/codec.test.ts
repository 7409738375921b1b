import { expect, test } from 'vitest'
import { OpusCodec } from '../src/codec/opus.ts'
import { Downsampler, Upsampler } from '../src/codec/resampler.ts'
import { amplitudeOf, joined, tone } from './support/tone.ts'

const down = (sound: Int16Array) => {
  const out = new Int16Array(sound.length / 6)
  const r = new Downsampler()
  // In frames, as calls have it.
  for (let at = 0; at < sound.length; at += 960)
    r.run(sound.subarray(at, at + 960), out.subarray(at / 6, at / 6 + 160))
  return out
}
const up = (sound: Int16Array) => {
  const out = new Int16Array(sound.length * 6)
  const r = new Upsampler()
  for (let at = 0; at < sound.length; at += 160)
    r.run(sound.subarray(at, at + 160), out.subarray(at * 6, at * 6 + 960))
  return out
}
const dB = (ratio: number) => 20 * Math.log10(ratio)

test.each([300, 1_000, 3_000, 3_400])('48 to 8 kHz: %i Hz pass within 1 dB', (hz) => {
  const out = down(tone(hz, 48_000, 48_000, { amplitude: 10_000 }))
  expect(Math.abs(dB(amplitudeOf(out.subarray(400), hz, 8_000) / 10_000))).toBeLessThan(1)
})

test.each([4_600, 5_000, 6_000, 7_000, 12_000, 20_000])(
  '48 to 8 kHz: nothing of %i Hz comes back below 4 kHz, by 60 dB',
  (hz) => {
    const out = down(tone(hz, 48_000, 48_000, { amplitude: 20_000 })).subarray(400)
    const loudest = Math.max(...out.map(Math.abs))
    expect(dB(Math.max(1, loudest) / 20_000)).toBeLessThan(-60)
  },
)

test.each([300, 1_000, 3_000, 3_400])('8 to 48 kHz: %i Hz pass without images', (hz) => {
  const out = up(tone(hz, 8_000, 8_000, { amplitude: 10_000 })).subarray(2_400)
  expect(Math.abs(dB(amplitudeOf(out, hz, 48_000) / 10_000))).toBeLessThan(1)
  for (const image of [8_000 - hz, 8_000 + hz, 16_000 - hz])
    expect(dB(Math.max(1, amplitudeOf(out, image, 48_000)) / 10_000)).toBeLessThan(-60)
})

test('full scale does not wrap around', () => {
  const square = Int16Array.from({ length: 1_600 }, (_, i) => (i % 16 < 8 ? 32_767 : -32_768))
  const out = up(square)
  for (let i = 1; i < out.length; i++)
    expect(Math.abs((out[i] as number) - (out[i - 1] as number))).toBeLessThan(40_000)
})

const code = (codec: OpusCodec, hz: number, frames = 25) => {
  const parts: Int16Array[] = []
  let bytes = 0
  for (let n = 0; n < frames; n++) {
    const packet = codec.encode(tone(hz, 960, 48_000, { from: n * 960 }))
    if (!packet) throw new Error('refused')
    bytes += packet.length
    const out = new Int16Array(2_880)
    parts.push(out.subarray(0, codec.decode(packet, out)))
  }
  return { sound: joined(parts.slice(5)), bytes }
}

test('Opus: a tone is the same tone again, at about the rate that was asked for', () => {
  const codec = new OpusCodec({ bitrate: 24_000, complexity: 5 })
  const { sound, bytes } = code(codec, 440)
  expect(sound.length).toBe(20 * 960)
  expect(amplitudeOf(sound, 440, 48_000)).toBeGreaterThan(6_000)
  expect((bytes * 8) / 0.5).toBeLessThan(40_000)
  codec.close()
  codec.close()
  expect(codec.encode(new Int16Array(960))).toBeNull()
})

test('Opus: more than 160 codecs at a time work, also those made before the memory grew', () => {
  const codecs = Array.from(
    { length: 400 },
    () => new OpusCodec({ bitrate: 16_000, complexity: 0 }),
  )
  for (const codec of [codecs[0], codecs[399]])
    expect(amplitudeOf(code(codec as OpusCodec, 440, 10).sound, 440, 48_000)).toBeGreaterThan(6_000)
  for (const codec of codecs) codec.close()
})

test('Opus: what is no packet is none, and the codec goes on', () => {
  const codec = new OpusCodec({ bitrate: 24_000, complexity: 5 })
  const out = new Int16Array(2_880)
  expect(codec.decode(new Uint8Array(0), out)).toBe(0)
  expect(codec.decode(Uint8Array.from([0xff, 0xff, 0xff]), out)).toBe(0)
  expect(codec.decode(new Uint8Array(5_000), out)).toBe(0)
  expect(amplitudeOf(code(codec, 440).sound, 440, 48_000)).toBeGreaterThan(6_000)
  codec.close()
})

import type { CodecName } from '../line.ts'
import type { SoundDecoder } from '../rtp/playout.ts'
import { aLaw, type Companding, muLaw } from './g711.ts'
import { OpusCodec } from './opus.ts'
import { Downsampler, Upsampler } from './resampler.ts'

/** Samples of 20 ms. */
export const FRAME = 960
const NARROW_FRAME = 160

/** What a telephone speaks. Frames are 20 ms of 48 kHz. */
export interface LineCodec extends SoundDecoder {
  /** The telephone's sound, decoded: 20 ms at the decoder's rate. */
  widen(sound: Int16Array, frame: Int16Array): void
  encode(frame: Int16Array): Uint8Array
  close(): void
}

class NarrowCodec implements LineCodec {
  readonly rate = 8_000
  readonly #up = new Upsampler()
  readonly #down = new Downsampler()
  readonly #narrow = new Int16Array(NARROW_FRAME)

  constructor(private readonly law: Companding) {}

  decode(payload: Uint8Array, out: Int16Array): number {
    return this.law.decode(payload, out)
  }

  widen(sound: Int16Array, frame: Int16Array): void {
    this.#up.run(sound, frame)
  }

  encode(frame: Int16Array): Uint8Array {
    const payload = new Uint8Array(NARROW_FRAME)
    this.#down.run(frame, this.#narrow)
    this.law.encode(this.#narrow, payload)
    return payload
  }

  close(): void {}
}

class WideCodec implements LineCodec {
  readonly rate = 48_000
  readonly #opus = new OpusCodec({ bitrate: 24_000, complexity: 5 })

  decode(payload: Uint8Array, out: Int16Array): number {
    return this.#opus.decode(payload, out)
  }

  widen(sound: Int16Array, frame: Int16Array): void {
    frame.set(sound)
  }

  encode(frame: Int16Array): Uint8Array {
    return this.#opus.encode(frame) ?? new Uint8Array(0)
  }

  close(): void {
    this.#opus.close()
  }
}

export const createLineCodec = (name: CodecName): LineCodec =>
  name === 'opus' ? new WideCodec() : new NarrowCodec(name === 'PCMA' ? aLaw : muLaw)

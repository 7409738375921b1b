import { FRAME } from '../codec/line-codec.ts'
import { OpusCodec } from '../codec/opus.ts'
import type { PhoneLine } from '../exchange/phone-line.ts'
import { Limiter } from '../mix/limiter.ts'
import { Voice } from '../mix/mixer.ts'
import type { SpokenPacket } from '../rooms.ts'
import { SpeechGate } from './speech-gate.ts'

/** bit/s of a telephone's speech in the room: what 4 kHz need, and what more may. */
const BITRATE = { narrow: 16_000, wide: 28_000 }

/** A telephone in a room. */
export class Seat {
  readonly voice = new Voice(FRAME)
  readonly limiter = new Limiter()
  readonly #gate = new SpeechGate()
  #codec: OpusCodec | null = null
  #isNarrow = true
  #timestamp = 0
  isMuted = false

  constructor(
    readonly line: PhoneLine,
    readonly peer: string,
  ) {}

  /** Takes the next 20 ms of the telephone; what the room is to get of it, or null. */
  turn(): SpokenPacket | null {
    const { frame } = this.voice
    const isSound = this.line.hear(frame)
    this.voice.filled(!isSound || this.isMuted)
    this.#timestamp = (this.#timestamp + FRAME) >>> 0
    const kind = this.#gate.admit(this.voice.level)
    if (kind === 'silence') return null
    if (this.isMuted) frame.fill(0)
    if (kind === 'last')
      for (let i = 0; i < FRAME; i++) frame[i] = ((frame[i] as number) * (FRAME - i)) / FRAME
    const opus = this.#encoder().encode(frame)
    return opus && { opus, level: this.voice.level, timestamp: this.#timestamp }
  }

  /** Made when something is said first: who only listens costs no encoder. */
  #encoder(): OpusCodec {
    const { isNarrow } = this.line
    if (this.#codec && isNarrow === this.#isNarrow) return this.#codec
    this.#codec?.close()
    this.#isNarrow = isNarrow
    const bitrate = isNarrow ? BITRATE.narrow : BITRATE.wide
    this.#codec = new OpusCodec({ bitrate, complexity: 5, isNarrow })
    return this.#codec
  }

  close(): void {
    this.#codec?.close()
    this.#codec = null
  }
}

import { distance32 } from './counters.ts'

/** Telephone events (RFC 4733). */
const KEYS = '0123456789*#ABCD'
const EVENT_BYTES = 4
const END = 0x80
/** −dBm0; what telephones send. */
const VOLUME = 10
/** A press and the pause behind it, in frames of 20 ms. */
const PRESS_FRAMES = 5
const PAUSE_FRAMES = 3
/** RFC 4733 §2.5.1.4: the end is said three times. */
const ENDS = 3
const MAX_WAITING = 64

/** Recognises each press once, whichever of its packets arrive, in whatever order. */
export class DigitReader {
  #ssrc = 0
  #last: number | null = null

  /** The key that this packet is the first sign of, or null. */
  read(ssrc: number, timestamp: number, payload: Uint8Array): string | null {
    if (payload.length < EVENT_BYTES) return null
    if (ssrc !== this.#ssrc) this.#last = null
    this.#ssrc = ssrc
    // All packets of a press bear the time of its beginning (RFC 4733 §2.1).
    if (this.#last !== null && distance32(timestamp, this.#last) <= 0) return null
    this.#last = timestamp
    return KEYS[payload[0] as number] ?? null
  }
}

/** One packet of a press: its time is that of the press's beginning. */
export interface DigitPacket {
  readonly payload: Uint8Array
  readonly marker: boolean
  readonly timestamp: number
}

/** Says presses frame by frame. */
export class DigitWriter {
  #waiting = ''
  #frame = 0
  #began = 0

  press(digits: string): void {
    const known = [...digits.toUpperCase()].filter((d) => KEYS.includes(d)).join('')
    this.#waiting = (this.#waiting + known).slice(0, MAX_WAITING)
  }

  /**
   * Packets to be sent instead of sound in this frame: none during a pause, null when sound may go.
   * `ticks` are those of a frame.
   */
  next(timestamp: number, ticks: number): DigitPacket[] | null {
    const key = KEYS.indexOf(this.#waiting[0] ?? '-')
    if (key < 0) return null
    if (this.#frame === 0) this.#began = timestamp
    this.#frame += 1
    if (this.#frame > PRESS_FRAMES) {
      if (this.#frame >= PRESS_FRAMES + PAUSE_FRAMES) {
        this.#waiting = this.#waiting.slice(1)
        this.#frame = 0
      }
      return []
    }
    const isEnd = this.#frame === PRESS_FRAMES
    const payload = Buffer.from([key, VOLUME | (isEnd ? END : 0), 0, 0])
    payload.writeUInt16BE(this.#frame * ticks, 2)
    const packet = { payload, marker: this.#frame === 1, timestamp: this.#began }
    return isEnd ? Array.from({ length: ENDS }, () => packet) : [packet]
  }
}

import { FRAME } from '../codec/line-codec.ts'
import { OpusCodec } from '../codec/opus.ts'
import { Voice } from '../mix/mixer.ts'
import type { RoomPacket } from '../rooms.ts'
import { Playout } from '../rtp/playout.ts'

/** A sound that stopped coming is forgotten after so many frames of 20 ms. */
const FORGOTTEN = 250

/** A sound of a page as telephones hear it. */
export class PageVoice {
  readonly voice = new Voice(FRAME)
  #codec = new OpusCodec({ bitrate: 24_000, complexity: 0 })
  #playout = new Playout(this.#codec)
  #stream: number | null = null
  #idle = 0

  push({ stream, seq, timestamp, opus }: RoomPacket, now: number): void {
    if (this.#stream !== null && stream !== this.#stream) this.#playout = new Playout(this.#codec)
    this.#stream = stream
    this.#idle = 0
    this.#playout.push(seq, timestamp, opus, now)
  }

  turn(): void {
    this.#idle += 1
    this.voice.filled(!this.#playout.pull(this.voice.frame))
  }

  get isOver(): boolean {
    return this.#idle > FORGOTTEN
  }

  close(): void {
    this.#codec.close()
  }
}

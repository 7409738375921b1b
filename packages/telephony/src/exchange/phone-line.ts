import { createLineCodec, FRAME, type LineCodec } from '../codec/line-codec.ts'
import type { LineTarget } from '../line.ts'
import { ComfortNoise } from '../mix/comfort.ts'
import { Playout } from '../rtp/playout.ts'
import { RtpStream } from './rtp-stream.ts'
import type { PortPair } from './sockets.ts'

/** Two minutes of what is to be said. */
const SAID = 48_000 * 120

export interface LinePorts {
  readonly pair: PortPair
  readonly numbers: { ssrc: number; seq: number; timestamp: number; cname: string }
  now(): number
  digit(digit: string): void
}

/** One telephone: its packets as frames of 20 ms, both ways. */
export class PhoneLine {
  readonly #stream: RtpStream
  readonly #comfort = new ComfortNoise()
  readonly #said: Int16Array[] = []
  #saidLength = 0
  #codec: LineCodec | null = null
  #codecName = ''
  #playout: Playout | null = null
  #pulled = new Int16Array(0)
  #isHeld = false
  readonly #frame = new Int16Array(FRAME)

  constructor(private readonly ports: LinePorts) {
    this.#stream = new RtpStream(ports.pair, ports.numbers, () => ports.now(), {
      began: () => this.#begin(),
      sound: (seq, timestamp, payload) =>
        this.#playout?.push(seq, timestamp, payload, this.ports.now()),
      other: (seq, timestamp) => this.#playout?.skip(seq, timestamp),
      digit: (digit) => this.ports.digit(digit),
    })
  }

  get port(): number {
    return this.ports.pair.port
  }

  /** The sound of the telephone is that of 4 kHz. */
  get isNarrow(): boolean {
    return this.#codecName !== 'opus'
  }

  connect(to: LineTarget): void {
    if (to.codec !== this.#codecName || !this.#codec) {
      this.#codec?.close()
      this.#codec = createLineCodec(to.codec)
      this.#codecName = to.codec
      this.#begin()
      this.#pulled = new Int16Array(this.#codec.rate / 50)
    }
    this.#stream.connect(to, this.#codec.rate)
  }

  #begin(): void {
    this.#playout = this.#codec && new Playout(this.#codec)
  }

  hold(on: boolean): void {
    this.#isHeld = on
  }

  press(digits: string): void {
    this.#stream.press(digits)
  }

  say(samples: Int16Array): void {
    if (samples.length === 0 || this.#saidLength + samples.length > SAID) return
    this.#said.push(samples)
    this.#saidLength += samples.length
  }

  hush(): void {
    this.#said.length = 0
    this.#saidLength = 0
  }

  /** The next 20 ms of what the telephone says; false for silence. */
  hear(frame: Int16Array): boolean {
    if (!this.#codec || !this.#playout) {
      frame.fill(0)
      return false
    }
    const isSound = this.#playout.pull(this.#pulled) && !this.#isHeld
    // Pulled all the same: its sound must not pile up.
    if (this.#isHeld) this.#pulled.fill(0)
    this.#codec.widen(this.#pulled, frame)
    return isSound
  }

  /** Sends 20 ms: what it is to be told, else what `mix` fills, else the quiet of a line. */
  speak(mix: (frame: Int16Array) => boolean): void {
    this.#stream.send(() => {
      const codec = this.#codec
      if (this.#isHeld || !codec) return null
      const frame = this.#frame
      if (!this.#takeSaid(frame) && !mix(frame)) this.#comfort.fill(frame)
      return codec.encode(frame)
    })
  }

  #takeSaid(frame: Int16Array): boolean {
    if (this.#saidLength === 0) return false
    let at = 0
    while (at < frame.length) {
      const next = this.#said[0]
      if (!next) break
      const part = next.subarray(0, frame.length - at)
      frame.set(part, at)
      at += part.length
      if (part.length === next.length) this.#said.shift()
      else this.#said[0] = next.subarray(part.length)
    }
    frame.fill(0, at)
    this.#saidLength -= at
    return true
  }

  close(): void {
    this.#stream.report()
    this.ports.pair.close()
    this.#codec?.close()
    this.#codec = null
    this.#playout = null
    this.hush()
  }
}

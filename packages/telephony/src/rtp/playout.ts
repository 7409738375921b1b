import { Concealer } from './concealment.ts'
import { DelayEstimate } from './delay.ts'
import { PacketQueue, type QueuedPacket } from './packet-queue.ts'
import { SampleFifo } from './sample-fifo.ts'
import { lengthen, rms, shorten } from './stretch.ts'

/** Turns packets into samples; ticks of the packets' clock are samples. */
export interface SoundDecoder {
  /** Hz. */
  readonly rate: number
  /** Samples written to `out` (120 ms long), 0 for a packet that is none. */
  decode(payload: Uint8Array, out: Int16Array): number
}

const NOTHING = new Uint8Array(0)
/** ms. */
const LONGEST_PACKET = 120
const FRAME = 20
/** Missing sound is made up for so long; what is missing beyond is left out. */
const MADE_UP = 60
/** Silence between words is kept so long when both words are here already. */
const PAUSE = 40
/** Parts by which sound is stretched and shortened. */
const PART = 5
/** Off the target by so much, on average, before silence is stretched or shortened. */
const TOLERANCE = 15
/** Beyond that, speech is cut too: delay stays bounded. */
const TOO_MUCH = 120
/** Depth is averaged over so many frames. */
const AVERAGE = 16
/** RMS of silence: so quiet, or so much quieter than the voice. */
const SILENCE = 60
const QUIETER = 0.1

/**
 * The jitter buffer of one stream: packets in, frames of 20 ms out. Its delay follows the network's
 * jitter; it is adjusted, as is a clock that runs faster or slower than ours, where nothing is said.
 */
export class Playout {
  readonly #queue = new PacketQueue()
  readonly #delay = new DelayEstimate()
  readonly #concealer: Concealer
  readonly #fifo: SampleFifo
  readonly #decoded: Int16Array
  readonly #perMs: number
  #isPlaying = false
  /** Number and time that follow what was decoded last. */
  #next = { seq: 0, timestamp: 0 }
  /** Length of the last packet, samples. */
  #packet: number
  #depth = 0
  #missing = 0
  #voice = 0

  constructor(private readonly decoder: SoundDecoder) {
    this.#perMs = decoder.rate / 1000
    this.#concealer = new Concealer(decoder.rate)
    this.#fifo = new SampleFifo(decoder.rate)
    this.#decoded = new Int16Array(LONGEST_PACKET * this.#perMs)
    this.#packet = FRAME * this.#perMs
  }

  /** `now` in ms. The payload is kept until it is played. */
  push(seq: number, timestamp: number, payload: Uint8Array, now: number): void {
    const packet = this.#queue.push(seq, timestamp, payload)
    if (packet) this.#delay.packet(packet.timestamp / this.#perMs, now)
  }

  /** The number is taken by something else than sound, such as a key pressed: it is not lost. */
  skip(seq: number, timestamp: number): void {
    this.#queue.push(seq, timestamp, NOTHING)
  }

  /** Sound that waits, ms. */
  get waiting(): number {
    return (this.#fifo.length + this.#queue.size * this.#packet) / this.#perMs
  }

  /** Fills `out`, 20 ms at the decoder's rate; false when there is nothing to hear. */
  pull(out: Int16Array): boolean {
    if (!this.#isPlaying && !this.#begin()) {
      out.fill(0)
      return false
    }
    this.#bound()
    while (this.#fifo.length < out.length && this.#advance());
    this.#adjust()
    this.#makeUp(out.length - this.#fifo.length)
    this.#fifo.take(out)
    const loud = rms(out)
    this.#voice = Math.max(loud, this.#voice * 0.99)
    return loud > 0
  }

  /** Playing begins when there is as much as the network's jitter demands. */
  #begin(): boolean {
    const first = this.#queue.peek()
    if (!first || this.waiting < this.#delay.target) return false
    this.#next = first
    this.#depth = this.waiting
    this.#missing = 0
    this.#isPlaying = true
    return true
  }

  /** A burst after a break is cut down to what is needed. */
  #bound(): void {
    if (this.waiting <= this.#delay.target + TOO_MUCH) return
    while (this.#queue.size > 1 && this.waiting > this.#delay.target) this.#queue.shift()
    const first = this.#queue.peek()
    if (first) this.#next = first
    this.#depth = this.waiting
  }

  /** Brings the next packet, or what is missing before it, into the queue of samples. */
  #advance(): boolean {
    const packet = this.#queue.peek()
    if (!packet) return false
    const gap = packet.timestamp - this.#next.timestamp
    const isLoss = packet.seq > this.#next.seq
    // Less waits than the network's jitter demands: what is missing may be on its way.
    if (isLoss && this.waiting + FRAME <= this.#delay.target) return false
    if (gap > 0) this.#bridge(gap, isLoss)
    this.#queue.shift()
    this.#decode(packet)
    return true
  }

  /** Lost sound is made up; a pause that the other side did not send is a pause. */
  #bridge(gap: number, isLoss: boolean): void {
    const sound = new Int16Array(Math.min(gap, (isLoss ? MADE_UP : PAUSE) * this.#perMs))
    if (isLoss) this.#concealer.fill(sound)
    this.#fifo.push(sound)
  }

  #decode(packet: QueuedPacket): void {
    const n = packet.payload.length ? this.decoder.decode(packet.payload, this.#decoded) : 0
    const sound = this.#decoded.subarray(0, n)
    if (n > 0) {
      this.#concealer.heard(sound)
      this.#fifo.push(sound)
      this.#packet = n
    }
    this.#next = { seq: packet.seq + 1, timestamp: packet.timestamp + n }
    this.#missing = 0
  }

  /** Nothing more is here: made up at first, then playing ends until enough has come again. */
  #makeUp(n: number): void {
    if (n <= 0) return
    const sound = new Int16Array(n)
    this.#concealer.fill(sound)
    this.#fifo.push(sound)
    this.#missing += n
    if (this.#missing >= MADE_UP * this.#perMs) this.#isPlaying = false
  }

  #adjust(): void {
    this.#depth += (this.waiting - this.#depth) / AVERAGE
    const off = this.#depth - this.#delay.target
    const n = PART * this.#perMs
    if (Math.abs(off) < TOLERANCE || this.#fifo.length < 2 * n || !this.#isSilent(2 * n)) return
    if (off > 0) {
      shorten(this.#fifo.front(2 * n), n)
      this.#fifo.drop(n)
    } else this.#fifo.replace(2 * n, lengthen(this.#fifo.front(2 * n), n))
    this.#depth += off > 0 ? -PART : PART
  }

  #isSilent(n: number): boolean {
    return rms(this.#fifo.front(n)) <= Math.max(SILENCE, this.#voice * QUIETER)
  }
}

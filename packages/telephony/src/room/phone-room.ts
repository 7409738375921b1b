import { FRAME } from '../codec/line-codec.ts'
import type { PhoneLine } from '../exchange/phone-line.ts'
import { Mixer, type Voice } from '../mix/mixer.ts'
import type { RoomPacket, SpokenPacket } from '../rooms.ts'
import { PageVoice } from './page-voice.ts'
import { Seat } from './seat.ts'

/** The engine passes the loudest four; those who were among them lately are kept a while. */
const MAX_PAGES = 16

/** The telephones of one room, and what they hear of its pages. */
export class PhoneRoom {
  readonly #pages = new Map<string, PageVoice>()
  readonly #seats = new Map<PhoneLine, Seat>()
  readonly #mixer = new Mixer(FRAME)

  constructor(private readonly speak: (peer: string, packet: SpokenPacket) => void) {}

  get size(): number {
    return this.#seats.size
  }

  join(line: PhoneLine, peer: string): void {
    this.leave(line)
    this.#seats.set(line, new Seat(line, peer))
  }

  mute(line: PhoneLine, on: boolean): void {
    const seat = this.#seats.get(line)
    if (seat) seat.isMuted = on
  }

  leave(line: PhoneLine): void {
    this.#seats.get(line)?.close()
    this.#seats.delete(line)
  }

  hear(packets: readonly RoomPacket[], now: number): void {
    for (const packet of packets) {
      const name = `${packet.track} ${packet.from}`
      let page = this.#pages.get(name)
      if (!page) {
        if (this.#pages.size >= MAX_PAGES) continue
        page = new PageVoice()
        this.#pages.set(name, page)
      }
      page.push(packet, now)
    }
  }

  /** 20 ms of everybody. `heard` gets what each telephone says. */
  turn(heard: (line: PhoneLine, voice: Voice) => void): void {
    for (const [name, page] of this.#pages) {
      page.turn()
      if (!page.isOver) continue
      page.close()
      this.#pages.delete(name)
    }
    for (const seat of this.#seats.values()) {
      const packet = seat.turn()
      heard(seat.line, seat.voice)
      if (packet && !seat.isMuted) this.speak(seat.peer, packet)
    }
    this.#mixer.begin(this.#voices())
    for (const { line, voice, limiter } of this.#seats.values())
      line.speak((frame) => this.#mixer.mix(voice, limiter, frame))
  }

  *#voices(): Generator<Voice> {
    for (const { voice } of this.#pages.values()) yield voice
    for (const { voice } of this.#seats.values()) yield voice
  }

  close(): void {
    for (const line of [...this.#seats.keys()]) this.leave(line)
    for (const page of this.#pages.values()) page.close()
    this.#pages.clear()
  }
}

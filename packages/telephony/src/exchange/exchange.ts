import { randomBytes, randomInt } from 'node:crypto'
import { FRAME } from '../codec/line-codec.ts'
import { frameLevel } from '../mix/level.ts'
import { PhoneRoom } from '../room/phone-room.ts'
import type { FromExchange, ToExchange } from './messages.ts'
import { Pacer } from './pacer.ts'
import { PhoneLine } from './phone-line.ts'
import { PortPool } from './sockets.ts'

interface OpenLine {
  readonly number: number
  readonly line: PhoneLine
  /** Its sound is wanted by the owner. */
  isListened: boolean
  room: string | null
}

/** What the exchange needs of its process. */
export interface ExchangePorts {
  tell(message: FromExchange): void
  /** ms, of a steady clock. */
  now(): number
}

/** All lines and the rooms they are in. Knows neither calls nor meetings. */
export class Exchange {
  readonly #lines = new Map<number, OpenLine>()
  readonly #byLine = new Map<PhoneLine, OpenLine>()
  readonly #rooms = new Map<string, PhoneRoom>()
  readonly #pacer = new Pacer(
    () => this.turn(),
    () => this.#lines.size > 0,
  )
  readonly #frame = new Int16Array(FRAME)
  #pool: PortPool | null = null
  #isEnded = false

  constructor(private readonly ports: ExchangePorts) {}

  take(m: ToExchange): void {
    if (m.type === 'begin') this.#pool = new PortPool(m.ports, m.bind)
    else if (m.type === 'heard') this.#rooms.get(m.room)?.hear(m.packets, this.ports.now())
    else if (m.type === 'end') this.#end()
    else if (m.type === 'open') void this.#openLine(m.line)
    else if (m.type === 'close') this.#close(m.line)
    else {
      const open = this.#lines.get(m.line)
      if (open) this.#tell(open, m)
    }
  }

  async #openLine(number: number): Promise<void> {
    try {
      if (!this.#pool) throw new Error('The exchange has not begun')
      const pair = await this.#pool.open()
      if (this.#isEnded) {
        pair.close()
        throw new Error('The exchange has ended')
      }
      const line = new PhoneLine({
        pair,
        numbers: {
          ssrc: randomInt(1, 2 ** 32),
          seq: randomInt(0x8000),
          timestamp: randomInt(2 ** 32),
          cname: randomBytes(12).toString('base64url'),
        },
        now: this.ports.now,
        digit: (digit) => this.ports.tell({ type: 'digit', line: number, digit }),
      })
      const open = { number, line, isListened: false, room: null }
      this.#lines.set(number, open)
      this.#byLine.set(line, open)
      this.#pacer.wake()
      this.ports.tell({ type: 'opened', line: number, port: pair.port })
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      this.ports.tell({ type: 'refused', line: number, message })
    }
  }

  #tell(open: OpenLine, m: ToExchange): void {
    const { line } = open
    if (m.type === 'connect') line.connect(m.to)
    else if (m.type === 'hold') line.hold(m.on)
    else if (m.type === 'listen') open.isListened = m.on
    else if (m.type === 'say') line.say(m.samples)
    else if (m.type === 'hush') line.hush()
    else if (m.type === 'press') line.press(m.digits)
    else if (m.type === 'join') this.#join(open, m.room, m.peer)
    else if (m.type === 'mute') this.#roomOf(open)?.mute(line, m.on)
    else if (m.type === 'leave') this.#leave(open)
  }

  #roomOf({ room }: OpenLine): PhoneRoom | undefined {
    return room === null ? undefined : this.#rooms.get(room)
  }

  #join(open: OpenLine, name: string, peer: string): void {
    this.#leave(open)
    let room = this.#rooms.get(name)
    if (!room) {
      room = new PhoneRoom((speaker, packet) =>
        this.ports.tell({ type: 'speak', room: name, peer: speaker, packet }),
      )
      this.#rooms.set(name, room)
    }
    room.join(open.line, peer)
    open.room = name
  }

  #leave(open: OpenLine): void {
    const room = this.#roomOf(open)
    room?.leave(open.line)
    if (room?.size === 0 && open.room !== null) {
      room.close()
      this.#rooms.delete(open.room)
    }
    open.room = null
  }

  #close(number: number): void {
    const open = this.#lines.get(number)
    if (!open) return
    this.#leave(open)
    this.#lines.delete(number)
    this.#byLine.delete(open.line)
    open.line.close()
  }

  /** 20 ms of everything. */
  turn(): void {
    for (const room of this.#rooms.values())
      room.turn((line, voice) => this.#heard(line, voice.frame, voice.level))
    for (const { line, room } of this.#lines.values()) {
      if (room !== null) continue
      line.hear(this.#frame)
      this.#heard(line, this.#frame, null)
      line.speak(() => false)
    }
  }

  #heard(line: PhoneLine, frame: Int16Array, level: number | null): void {
    const open = this.#byLine.get(line)
    if (!open?.isListened) return
    const loud = 10 ** (-(level ?? frameLevel(frame)) / 20)
    const { number } = open
    this.ports.tell({
      type: 'frame',
      line: number,
      frame: frame.slice(),
      level: loud < 1e-6 ? 0 : loud,
    })
  }

  #end(): void {
    if (this.#isEnded) return
    this.#isEnded = true
    this.#pacer.stop()
    for (const number of [...this.#lines.keys()]) this.#close(number)
  }
}

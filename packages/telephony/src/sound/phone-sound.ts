import { type ExchangeLink, localLink, threadLink } from '../exchange/link.ts'
import type { FromExchange, ToExchange } from '../exchange/messages.ts'
import type { PortRange } from '../exchange/sockets.ts'
import type { Line, Off } from '../line.ts'
import { Listeners } from '../listeners.ts'
import type { PhoneSound, RoomPacket, SoundRooms } from '../rooms.ts'
import type { Log } from '../telephone.ts'
import { Bridges } from './bridges.ts'
import { RemoteLine } from './remote-line.ts'

export interface PhoneSoundOptions {
  readonly rooms: SoundRooms
  /** UDP ports of lines: even ones for RTP, each with the odd one behind it. */
  readonly ports: PortRange
  /** IP address to bind. Default: all of IPv4. */
  readonly bind?: string
  /** The bundled `worker.ts`; without it everything is done in this thread. */
  readonly workerPath?: string
  readonly log: Log
}

/** What comes from another process is a view of all that was read with it, and would take it along. */
const alone = (packet: RoomPacket): RoomPacket => ({
  ...packet,
  opus: new Uint8Array(packet.opus),
})

const ENDED = 'The sound of telephones has ended'

interface Opening {
  resolve(line: Line): void
  reject(error: Error): void
}

interface Joined {
  readonly room: string
  readonly peer: string
  isMuted: boolean
}

class Sound implements PhoneSound {
  /** Null after its thread has died, until a line is opened again. */
  #link: ExchangeLink | null = null
  readonly #lost = new Listeners<[Line]>((error) => this.#failed(error))
  readonly #bridges: Bridges
  readonly #opening = new Map<number, Opening>()
  readonly #lines = new Map<number, RemoteLine>()
  readonly #joined = new Map<number, Joined>()
  #nextNumber = 1
  #isOver = false

  constructor(private readonly options: PhoneSoundOptions) {
    this.#bridges = new Bridges(
      options.rooms,
      (room, packets) => this.#tell({ type: 'heard', room, packets: packets.map(alone) }),
      (error) => this.#failed(error),
    )
  }

  #begin(): void {
    const events = {
      message: (m: FromExchange) => this.#take(m),
      died: (error: Error) => this.#died(error),
    }
    const { workerPath, ports, bind = '0.0.0.0' } = this.options
    this.#link = workerPath ? threadLink(workerPath, events) : localLink(events)
    this.#link.tell({ type: 'begin', ports, bind })
  }

  #tell(message: ToExchange): void {
    this.#link?.tell(message)
  }

  #failed(error: unknown): void {
    this.options.log('warn', 'the sound of a telephone failed', { error: String(error) })
  }

  #take(m: FromExchange): void {
    if (m.type === 'speak') this.#bridges.speak(m.room, m.peer, m.packet)
    else if (m.type === 'frame') this.#lines.get(m.line)?.spoke(m.frame, m.level)
    else if (m.type === 'digit') this.#lines.get(m.line)?.pressed(m.digit)
    else if (m.type === 'opened') this.#opened(m.line, m.port)
    else this.#opening.get(m.line)?.reject(new Error(m.message))
  }

  #opened(number: number, port: number): void {
    const line = new RemoteLine(
      number,
      port,
      (m) => this.#tell(m),
      (closed) => this.#closed(closed),
      (error) => this.#failed(error),
    )
    this.#lines.set(number, line)
    this.#opening.get(number)?.resolve(line)
  }

  #closed(line: RemoteLine): void {
    this.#lines.delete(line.number)
    this.#leave(line).catch((error) => this.#failed(error))
  }

  /** Its lines are gone; the next one begins anew. */
  #died(error: Error): void {
    this.#link = null
    this.options.log('error', 'the thread of telephones ended', {
      error: String(error),
      lines: this.#lines.size,
    })
    for (const { reject } of this.#opening.values()) reject(error)
    for (const line of [...this.#lines.values()]) {
      line.close()
      this.#lost.tell(line)
    }
  }

  on(_event: 'lost', listener: (line: Line) => void): Off {
    return this.#lost.add(listener)
  }

  async open(): Promise<Line> {
    if (this.#isOver) throw new Error(ENDED)
    const number = this.#nextNumber++
    if (!this.#link) this.#begin()
    try {
      return await new Promise<Line>((resolve, reject) => {
        this.#opening.set(number, { resolve, reject })
        this.#tell({ type: 'open', line: number })
      })
    } finally {
      this.#opening.delete(number)
    }
  }

  #own(line: Line): RemoteLine {
    if (line instanceof RemoteLine && this.#lines.get(line.number) === line) return line
    throw new Error('The line is closed')
  }

  async join(line: Line, { room, peer, isMuted = false }: Parameters<PhoneSound['join']>[1]) {
    const own = this.#own(line)
    await this.#leave(own)
    if (own.isClosed) return
    this.#joined.set(own.number, { room, peer, isMuted })
    this.#tell({ type: 'join', line: own.number, room, peer })
    this.#tell({ type: 'mute', line: own.number, on: isMuted })
    await this.#bridges.open(room, peer, !isMuted)
  }

  async mute(line: Line, isMuted: boolean) {
    const own = this.#own(line)
    const joined = this.#joined.get(own.number)
    if (!joined) throw new Error('The line is in no room')
    joined.isMuted = isMuted
    this.#tell({ type: 'mute', line: own.number, on: isMuted })
    await this.#bridges.open(joined.room, joined.peer, !isMuted)
  }

  async leave(line: Line) {
    if (line instanceof RemoteLine) await this.#leave(line)
  }

  async #leave(line: RemoteLine): Promise<void> {
    const joined = this.#joined.get(line.number)
    if (!joined) return
    this.#joined.delete(line.number)
    this.#tell({ type: 'leave', line: line.number })
    await this.#bridges.close(joined.room, joined.peer)
  }

  async close() {
    if (this.#isOver) return
    this.#isOver = true
    for (const line of [...this.#lines.values()]) line.close()
    this.#lost.clear()
    for (const { reject } of this.#opening.values()) reject(new Error(ENDED))
    const link = this.#link
    this.#link = null
    await Promise.all([link?.end(), this.#bridges.end()])
  }
}

/** Opens nothing before the first line. */
export const createPhoneSound = (options: PhoneSoundOptions): PhoneSound => new Sound(options)

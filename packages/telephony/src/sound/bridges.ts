import type { Off } from '../line.ts'
import type { RoomPacket, SoundRooms, SpokenPacket } from '../rooms.ts'

/** The peer that hears a room for all its telephones; seats have other names. */
const EAR = 'telephones'

interface RoomBridges {
  /** Peers of telephones, and whether they speak. */
  readonly speaks: Map<string, boolean>
}

/** The bridges that telephones have in rooms: one for each to speak, one for all to hear. */
export class Bridges {
  readonly #rooms = new Map<string, RoomBridges>()
  readonly #offs: Off[]

  constructor(
    private readonly rooms: SoundRooms,
    heard: (room: string, packets: readonly RoomPacket[]) => void,
    private readonly failed: (error: unknown) => void,
  ) {
    this.#offs = [
      rooms.on('bridged', ({ room, peer, packets }) => {
        if (peer === EAR && this.#rooms.has(room)) heard(room, packets)
      }),
      rooms.on('crashed', (data) => {
        for (const room of data.rooms) this.#reopen(room)
      }),
    ]
  }

  /** Again: with another role. */
  async open(room: string, peer: string, speaks: boolean): Promise<void> {
    let bridges = this.#rooms.get(room)
    const isFirst = !bridges
    if (!bridges) {
      bridges = { speaks: new Map() }
      this.#rooms.set(room, bridges)
    }
    bridges.speaks.set(peer, speaks)
    await Promise.all([
      this.rooms.openBridge({ room, peer, speaks, listens: false }),
      isFirst && this.#openEar(room),
    ])
  }

  #openEar(room: string): Promise<void> {
    return this.rooms.openBridge({ room, peer: EAR, speaks: false, listens: true })
  }

  /** The engine lost them all. */
  #reopen(room: string): void {
    const bridges = this.#rooms.get(room)
    if (!bridges) return
    this.#openEar(room).catch(this.failed)
    for (const [peer, speaks] of bridges.speaks)
      this.rooms.openBridge({ room, peer, speaks, listens: false }).catch(this.failed)
  }

  speak(room: string, peer: string, packet: SpokenPacket): void {
    if (this.#rooms.get(room)?.speaks.get(peer)) this.rooms.sendBridge({ room, peer, packet })
  }

  async close(room: string, peer: string): Promise<void> {
    const bridges = this.#rooms.get(room)
    if (!bridges?.speaks.delete(peer)) return
    const isLast = bridges.speaks.size === 0
    if (isLast) this.#rooms.delete(room)
    await Promise.all([
      this.rooms.closePeer({ room, peer }),
      isLast && this.rooms.closePeer({ room, peer: EAR }),
    ])
  }

  async end(): Promise<void> {
    for (const off of this.#offs) off()
    const all = [...this.#rooms].flatMap(([room, { speaks }]) =>
      [...speaks.keys()].map((peer) => this.close(room, peer)),
    )
    for (const closed of await Promise.allSettled(all))
      if (closed.status === 'rejected') this.failed(closed.reason)
  }
}

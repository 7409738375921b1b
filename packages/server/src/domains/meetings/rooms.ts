import { Room, type RoomListener, type RoomPolicy } from '../../actor/room.ts'
import type { Clock } from '../../core/clock.ts'
import type { Log } from '../../core/log.ts'
import type { MeetingRecord, MeetingStore } from '../../storage/port.ts'

export interface RoomsDeps {
  readonly clock: Clock
  readonly log: Log
  readonly store: MeetingStore
  readonly policy: RoomPolicy
  readonly emptyMs: number
  readonly listener: RoomListener
}

/** Open meetings of this server, and the clocks that end the empty ones (T_EMPTY). */
export class Rooms {
  readonly #rooms = new Map<number, Room>()
  readonly #expiry = new Map<number, () => void>()

  constructor(
    private readonly deps: RoomsDeps,
    private readonly expired: (id: number) => Promise<void>,
  ) {}

  /**
   * After a restart, when the seats that may come back are taken again: other meetings that were
   * occupied count as left now.
   */
  async restore(): Promise<void> {
    const now = this.deps.clock.now()
    for (const m of await this.deps.store.all()) {
      if (this.size(m.id) > 0) continue
      if (m.emptySince === null) await this.deps.store.setEmptySince(m.id, now)
      this.#arm(m.id, (m.emptySince ?? now) + this.deps.emptyMs - now)
    }
  }

  created(m: MeetingRecord): void {
    this.#arm(m.id, this.deps.emptyMs)
  }

  #arm(id: number, ms: number): void {
    this.#expiry.get(id)?.()
    const cancel = this.deps.clock.schedule(Math.max(0, ms), () => {
      this.#expiry.delete(id)
      this.expired(id).catch((error) =>
        this.deps.log.error({ err: error, meeting: id }, 'an empty meeting could not be ended'),
      )
    })
    this.#expiry.set(id, cancel)
  }

  size(id: number): number {
    return this.#rooms.get(id)?.size ?? 0
  }

  find(id: number): Room | undefined {
    return this.#rooms.get(id)
  }

  open(m: MeetingRecord): Room {
    let room = this.#rooms.get(m.id)
    if (!room) {
      room = new Room(m, this.deps.policy, this.deps.listener)
      this.#rooms.set(m.id, room)
    }
    return room
  }

  occupied(room: Room, anybody: boolean): void {
    const since = anybody ? null : this.deps.clock.now()
    if (anybody) {
      this.#expiry.get(room.id)?.()
      this.#expiry.delete(room.id)
    } else this.#arm(room.id, this.deps.emptyMs)
    this.deps.store
      .setEmptySince(room.id, since)
      .catch((error) =>
        this.deps.log.error({ err: error, meeting: room.id }, 'a meeting could not be updated'),
      )
  }

  forget(id: number): void {
    this.#rooms.delete(id)
    this.#expiry.get(id)?.()
    this.#expiry.delete(id)
  }

  close(): void {
    for (const cancel of this.#expiry.values()) cancel()
    this.#expiry.clear()
  }
}

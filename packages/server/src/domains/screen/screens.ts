import { type MeetingSnapshot, ProtocolError, type ShareRect } from '@yuntang/protocol'
import type { Room } from '../../actor/room.ts'
import type { RoomPart } from '../../actor/room-part.ts'
import { apply, decide, type ScreenCommand, type ScreenState } from './state.ts'

export interface ScreensDeps {
  /** The room as it is open now; one that is being ended is not found. */
  find(id: number): Room | undefined
  /** The share of this member began, changed its region or ended. */
  changed(room: Room, sharer: string): void
}

/** The shares of all meetings; each lives with its sharer's seat, also over a restart. */
export class Screens implements RoomPart {
  readonly #states = new Map<number, ScreenState>()

  constructor(private readonly deps: ScreensDeps) {}

  state(meeting: number): ScreenState {
    return this.#states.get(meeting) ?? null
  }

  /** One turn. Throws the command's error, and then nothing has changed. */
  commit(room: Room, command: ScreenCommand): void {
    const decision = decide(this.state(room.id), command)
    if ('error' in decision) throw new ProtocolError(decision.error)
    for (const fact of decision.facts) {
      const before = this.state(room.id)
      const now = apply(before, fact)
      if (now) this.#states.set(room.id, now)
      else this.#states.delete(room.id)
      if (before?.rect !== now?.rect) this.deps.changed(room, (now ?? before)?.userID as string)
      room.announce(fact.event, fact.data as never)
    }
  }

  /** After a restart: the sharer's page has its seat again and never stopped capturing. */
  restore(room: Room, userID: string, rect: ShareRect): void {
    if (this.state(room.id)) return
    this.#states.set(room.id, { userID, rect, holder: '' })
    this.deps.changed(room, userID)
  }

  /** The page behind a seat is gone; others hear of its share's end before they hear that it left. */
  unseated(room: Room, seatID: string): void {
    const userID = room.userOf(seatID)
    if (userID !== undefined && this.deps.find(room.id) === room)
      this.commit(room, { type: 'leave', userID })
  }

  snapshot(room: Room): Partial<MeetingSnapshot> {
    const screen = this.state(room.id)
    return screen ? { screen } : {}
  }

  ended(meeting: number): void {
    this.#states.delete(meeting)
  }
}

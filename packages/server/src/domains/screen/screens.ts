import { type MeetingSnapshot, ProtocolError, type ShareRect } from '@yuntang/protocol'
import type { Room } from '../../actor/room.ts'
import type { RoomPart } from '../../actor/room-part.ts'
import { type MarkPart, Marks } from './marks.ts'
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
  /** Strokes live as long as the share. */
  readonly #marks = new Map<number, Marks>()

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
      else this.#forget(room.id)
      if (before?.rect !== now?.rect) this.deps.changed(room, (now ?? before)?.userID as string)
      room.announce(fact.event, fact.data as never)
    }
  }

  /** Strokes are told to all in the room's one order. */
  mark(room: Room, part: MarkPart): void {
    if (!this.state(room.id)) throw new ProtocolError('screen.none')
    const marks = this.#marks.get(room.id) ?? new Marks()
    this.#marks.set(room.id, marks)
    const told = marks.add(part)
    if (told) room.announce('screen.marked', told)
  }

  unmark(room: Room, userID: string): void {
    if (this.#marks.get(room.id)?.remove(userID)) room.announce('screen.unmarked', { userID })
  }

  marks(meeting: number, after: number): ReturnType<Marks['part']> {
    return this.#marks.get(meeting)?.part(after) ?? { marks: [] }
  }

  #forget(meeting: number): void {
    this.#states.delete(meeting)
    this.#marks.delete(meeting)
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
    this.#forget(meeting)
  }
}

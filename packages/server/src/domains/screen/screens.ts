import {
  type Mark,
  type MeetingSnapshot,
  ProtocolError,
  type ScreenShare,
  type ShareRect,
} from '@yuntang/protocol'
import type { Room } from '../../actor/room.ts'
import type { RoomPart } from '../../actor/room-part.ts'
import type { Clock } from '../../core/clock.ts'
import type { Log } from '../../core/log.ts'
import type { MarkStore } from '../../storage/port.ts'
import { MarkKeeper } from './keeper.ts'
import { type MarkPart, Marks } from './marks.ts'
import { apply, decide, type ScreenCommand, type ScreenState } from './state.ts'

export interface ScreensDeps {
  readonly clock: Clock
  readonly store: MarkStore
  readonly log: Log
  /** The room as it is open now; one that is being ended is not found. */
  find(id: number): Room | undefined
  /** The share of this member began, changed its region or holder, or ended. */
  changed(room: Room, sharer: string): void
}

/** The shares of all meetings; each lives with its sharer's seat, also over a restart. */
export class Screens implements RoomPart {
  readonly #states = new Map<number, ScreenShare>()
  /** Strokes live as long as the share. */
  readonly #marks = new Map<number, Marks>()
  readonly #keeper: MarkKeeper
  /** Time of the last start: no two are the same. */
  #begun = 0

  constructor(private readonly deps: ScreensDeps) {
    this.#keeper = new MarkKeeper(deps.store, deps.clock, deps.log)
  }

  /** Takes over the strokes of shares that were restored. */
  async start(): Promise<void> {
    const shares = new Map([...this.#states].map(([meeting, { since }]) => [meeting, since]))
    for (const [meeting, marks] of await this.#keeper.restore(shares))
      this.#marksOf(meeting, shares.get(meeting) as number).restore(marks)
  }

  #marksOf(meeting: number, share: number): Marks {
    let marks = this.#marks.get(meeting)
    if (!marks) {
      const made = new Marks((n) => this.#keeper.changed(meeting, share, made, n))
      this.#marks.set(meeting, made)
      marks = made
    }
    return marks
  }

  state(meeting: number): ScreenState {
    return this.#states.get(meeting) ?? null
  }

  begin(room: Room, userID: string, rect: ShareRect): void {
    this.#begun = Math.max(this.deps.clock.now(), this.#begun + 1)
    this.commit(room, { type: 'start', userID, rect, now: this.#begun })
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
      this.deps.changed(room, (now ?? before)?.userID as string)
      room.announce(fact.event, fact.data as never)
    }
  }

  /** Strokes are told to all in the room's one order. */
  mark(room: Room, part: MarkPart): void {
    const share = this.state(room.id)
    if (!share) throw new ProtocolError('screen.none')
    const told = this.#marksOf(room.id, share.since).add(part)
    if (told === 'missing') throw new ProtocolError('param.invalid', 'Points before these miss')
    if (told) room.announce('screen.marked', told)
  }

  unmark(room: Room, userID: string): void {
    if (this.#marks.get(room.id)?.remove(userID)) room.announce('screen.unmarked', { userID })
  }

  marks(meeting: number, after: number): { marks: Mark[]; more?: 1 } {
    return this.#marks.get(meeting)?.part(after) ?? { marks: [] }
  }

  #forget(meeting: number): void {
    if (!this.#states.delete(meeting)) return
    this.#marks.delete(meeting)
    this.#keeper.ended(meeting)
  }

  /**
   * After a restart: the sharer's page has its seat again and never stopped capturing. Who holds the
   * right is only what was so: the sharer's page takes it back unless it granted it itself.
   */
  restore(room: Room, share: ScreenShare): void {
    if (this.state(room.id)) return
    this.#states.set(
      room.id,
      share.holder && room.member(share.holder) ? share : { ...share, holder: '' },
    )
    this.deps.changed(room, share.userID)
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

  /** Resolves when everything is stored. */
  close(): Promise<void> {
    return this.#keeper.close()
  }
}

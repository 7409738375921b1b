import { LIMITS, type MeetingSnapshot, ProtocolError, type SharedPlay } from '@yuntang/protocol'
import type { Room } from '../../actor/room.ts'
import type { RoomPart } from '../../actor/room-part.ts'
import type { Clock } from '../../core/clock.ts'
import { apply, decide, type MediaCommand, type MediaState, playAt } from './state.ts'

export interface SharedMediaDeps {
  readonly clock: Clock
  /** The room as it is open now; one that is being ended is not found. */
  find(id: number): Room | undefined
  /** The media of this member began, moved or ended. */
  changed(room: Room, player: string): void
}

/** The shared media of all meetings; each lives with its player's seat, also over a restart. */
export class SharedMedia implements RoomPart {
  readonly #states = new Map<number, NonNullable<MediaState>>()

  constructor(private readonly deps: SharedMediaDeps) {}

  state(meeting: number): MediaState {
    return this.#states.get(meeting) ?? null
  }

  player(meeting: number): string | null {
    return this.state(meeting)?.play.userID ?? null
  }

  /** With the position of this moment. */
  now(meeting: number): SharedPlay | null {
    return playAt(this.state(meeting), this.deps.clock.now(), LIMITS.mediaMs)
  }

  /** One turn. Throws the command's error, and then nothing has changed. */
  commit(room: Room, command: MediaCommand): void {
    const decision = decide(this.state(room.id), command)
    if ('error' in decision) throw new ProtocolError(decision.error)
    for (const fact of decision.facts) {
      const now = apply(this.state(room.id), fact, this.deps.clock.now())
      if (now) this.#states.set(room.id, now)
      else this.#states.delete(room.id)
      this.deps.changed(room, fact.data.userID)
      room.announce(fact.event, fact.data as never)
    }
  }

  /** After a restart: the player's page has its seat again and never stopped playing. */
  restore(room: Room, play: SharedPlay): void {
    if (this.state(room.id)) return
    this.#states.set(room.id, { play, since: this.deps.clock.now() })
    this.deps.changed(room, play.userID)
  }

  /** The page behind a seat is gone; others hear of its media's end before they hear that it left. */
  unseated(room: Room, seatID: string, cause: 'left' | 'lost'): void {
    const userID = room.userOf(seatID)
    if (userID === undefined || this.player(room.id) !== userID) return
    if (this.deps.find(room.id) === room)
      this.commit(room, { type: 'stop', reason: cause === 'left' ? 0 : 5 })
  }

  snapshot(room: Room): Partial<MeetingSnapshot> {
    const media = this.now(room.id)
    return media ? { media } : {}
  }

  ended(meeting: number): void {
    this.#states.delete(meeting)
  }
}

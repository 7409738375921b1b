import type { MeetingSnapshot } from '@yuntang/protocol'
import type { Fact } from '../domains/members/state.ts'
import type { Room } from './room.ts'

/**
 * A domain that has something to do with every meeting: media, files, pages, boards. It keeps its own
 * state per meeting and is called inside the room's turn, so it must not wait for anything; what it
 * tells members by `room.announce` is in the room's one order.
 */
export interface RoomPart {
  /** A fact about members was applied; they hear of it right after. */
  applied?(room: Room, fact: Fact): void
  /** Members have heard of it. */
  announced?(room: Room, fact: Fact): void
  /** Its share of what an entrant or a page that is far behind gets, between two events. */
  snapshot?(room: Room, userID: string): Partial<MeetingSnapshot>
  /** The meeting is over for good: its state goes. */
  ended?(id: number): void
}

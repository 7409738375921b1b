import { type EventName, type Events, type Member, ProtocolError } from '@yuntang/protocol'
import {
  apply,
  type Command,
  decide,
  emptyRoom,
  type Fact,
  type RoomState,
} from '../domains/members/state.ts'
import type { Context } from './context.ts'

export type RoomPolicy = 'open' | 'owner'

/** What a room says of itself to its companions (media, storage). */
export interface RoomListener {
  /** After the fact was applied and before members hear of it. */
  applied(room: Room, fact: Fact): void
}

interface Occupant {
  readonly seatID: string
  readonly ctx: Context
}

/**
 * One open meeting: the only owner of its state. A turn decides, applies and announces without a
 * pause, so that every member hears the same facts in one order.
 */
export class Room {
  #state: RoomState = emptyRoom
  readonly #occupants = new Map<string, Occupant>()

  constructor(
    readonly id: number,
    readonly account: string,
    readonly owner: string,
    readonly policy: RoomPolicy,
    private readonly listener: RoomListener,
  ) {}

  get members(): readonly Member[] {
    return this.#state.members
  }

  get size(): number {
    return this.#occupants.size
  }

  member(userID: string): Member | undefined {
    return this.#state.members.find((m) => m.userID === userID)
  }

  occupant(userID: string): Occupant | undefined {
    return this.#occupants.get(userID)
  }

  /** User ID behind a seat of the media engine. */
  userOf(seatID: string): string | undefined {
    for (const [userID, o] of this.#occupants) if (o.seatID === seatID) return userID
    return undefined
  }

  contexts(): Context[] {
    return [...this.#occupants.values()].map((o) => o.ctx)
  }

  /** One turn. Throws the command's error, and then nothing has changed. */
  commit(command: Command): void {
    const decision = decide(this.#state, command)
    if ('error' in decision) throw new ProtocolError(decision.error)
    for (const fact of decision.facts) {
      this.#state = apply(this.#state, fact)
      this.listener.applied(this, fact)
      this.#announce(fact)
    }
  }

  #announce({ event, data }: Fact): void {
    for (const [userID, { ctx }] of this.#occupants)
      if (event !== 'meetings.entered' || data.member.userID !== userID)
        ctx.link.event(event, data as never)
  }

  /** A member takes a seat; the same user's earlier page must have been unseated. */
  seat(userID: string, occupant: Occupant, command: (Command & { type: 'enter' }) | null): void {
    this.#occupants.set(userID, occupant)
    if (command) this.commit(command)
  }

  /** The page's place is free; without a `cause` nobody is told (a take-over follows). */
  unseat(userID: string, cause: 'left' | 'lost' | null): void {
    if (!this.#occupants.delete(userID) || !cause) return
    this.commit({ type: 'leave', userID, cause })
  }

  tell<K extends EventName>(userID: string, event: K, data: Events[K]): void {
    this.#occupants.get(userID)?.ctx.link.event(event, data)
  }
}

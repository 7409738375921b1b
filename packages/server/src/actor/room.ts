import { type EventName, type Events, type Member, ProtocolError } from '@yuntang/protocol'
import {
  apply,
  type Command,
  decide,
  emptyRoom,
  type Fact,
  type RoomState,
} from '../domains/members/state.ts'
import { encodeEvent } from '../gateway/link.ts'
import type { MeetingRecord } from '../storage/port.ts'
import type { Context } from './context.ts'

export type RoomPolicy = 'open' | 'owner'

/** What a room says of itself to its companions (media, storage). */
export interface RoomListener {
  /** After the fact was applied and before members hear of it. */
  applied(room: Room, fact: Fact): void
  /** After members have heard of it. */
  announced(room: Room, fact: Fact): void
}

interface Occupant {
  readonly seatID: string
  /** Null while the seat is held for a user whose page is gone (spec 07 §5.3). */
  readonly ctx: Context | null
  /** Page load behind the seat, also while it is held. */
  readonly instance: string
  /** Order of entry, see {@link Seat}; a take-over keeps it. */
  readonly since: number
  /** A telephone: nobody can take its seat over. */
  readonly phone?: true
}

/**
 * One open meeting: the only owner of its state. A turn decides, applies and announces without a
 * pause, so that every member hears the same facts in one order.
 */
export class Room {
  #state: RoomState = emptyRoom
  readonly #occupants = new Map<string, Occupant>()

  constructor(
    readonly meeting: MeetingRecord,
    readonly policy: RoomPolicy,
    private readonly listener: RoomListener,
  ) {}

  get id(): number {
    return this.meeting.id
  }

  get account(): string {
    return this.meeting.account
  }

  get owner(): string {
    return this.meeting.creator
  }

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
    return [...this.#occupants.values()].flatMap((o) => o.ctx ?? [])
  }

  /** One turn. Throws the command's error, and then nothing has changed. */
  commit(command: Command): void {
    const decision = decide(this.#state, command)
    if ('error' in decision) throw new ProtocolError(decision.error)
    for (const fact of decision.facts) {
      this.#state = apply(this.#state, fact)
      this.listener.applied(this, fact)
      this.#announce(fact)
      this.listener.announced(this, fact)
    }
  }

  #announce({ event, data }: Fact): void {
    this.announce(event, data as never, event === 'meetings.entered' ? data.member.userID : null)
  }

  /** Tells every member, or all but one; part of the turn that calls it, so in the room's one order. */
  announce<K extends EventName>(event: K, data: Events[K], except: string | null = null): void {
    const encoded = encodeEvent(event, data)
    for (const [userID, { ctx }] of this.#occupants)
      if (userID !== except) ctx?.link.encoded(encoded)
  }

  /** A member takes a seat; the same user's earlier page must have been unseated. */
  seat(userID: string, occupant: Occupant, command: (Command & { type: 'enter' }) | null): void {
    this.#occupants.set(userID, occupant)
    if (command) this.commit(command)
  }

  /** After a restart: a member as it was, with its open devices; nobody is told. */
  restore(member: Member, occupant: Occupant): void {
    this.#state = { members: [...this.#state.members, member] }
    this.#occupants.set(member.userID, occupant)
  }

  /** The page is gone, the seat stays: nobody is told. */
  hold(userID: string): void {
    const present = this.#occupants.get(userID)
    if (present) this.#occupants.set(userID, { ...present, ctx: null })
  }

  /** The page's place is free; without a `cause` nobody is told (a take-over follows). */
  unseat(userID: string, cause: 'left' | 'lost' | null): void {
    if (!this.#occupants.delete(userID) || !cause) return
    this.commit({ type: 'leave', userID, cause })
  }

  tell<K extends EventName>(userID: string, event: K, data: Events[K]): void {
    this.#occupants.get(userID)?.ctx?.link.event(event, data)
  }
}

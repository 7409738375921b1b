import { type Devices, type Member, ProtocolError } from '@yuntang/protocol'
import type { Activity } from '../../actor/activity.ts'
import type { Context, Seat } from '../../actor/context.ts'
import type { Room } from '../../actor/room.ts'
import type { Clock } from '../../core/clock.ts'
import type { Ids } from '../../core/ids.ts'
import { Blocks } from './blocks.ts'

export interface SeatPorts {
  readonly clock: Clock
  readonly ids: Ids
  readonly maxMembers: number
  readonly activity: Activity
  /** T_RESUME: how long a seat is held for a user whose page is gone. */
  readonly holdMs: number
  /** The seat is gone: its media goes too. `lost`: without the page having left by itself. */
  unseated(room: Room, seatID: string, cause: 'left' | 'lost'): void
  /** The room has nobody inside any more, or somebody again. */
  occupied(room: Room, anybody: boolean): void
  /** The page took or lost a seat. */
  changed(ctx: Context): void
}

/** Who asks for a seat. `fresh`: the page starts anew, whatever it had here (spec 07 §2). */
export interface Entrant {
  readonly userID: string
  readonly nickName: string
  readonly devices: Devices
  readonly fresh: boolean
  readonly proven: boolean
}

interface Held {
  readonly room: Room
  readonly userID: string
  readonly cancel: () => void
}

/** Taking, taking over, holding and leaving seats (spec 07 §2, §5). */
export class Seats {
  readonly #blocks: Blocks
  /** Time of the last entry. */
  #entries = 0
  /** Seats without a page, by room and user. */
  readonly #held = new Map<string, Held>()

  constructor(private readonly ports: SeatPorts) {
    this.#blocks = new Blocks(ports.clock)
  }

  enter(room: Room, { userID, nickName, devices, fresh, proven }: Entrant, ctx: Context): void {
    const present = room.occupant(userID)
    if (present && present.ctx === ctx && !fresh) return
    if (present?.phone) throw new ProtocolError('identity.taken')
    if (this.#blocks.has(room.id, userID, ctx.link.instance))
      throw new ProtocolError('seat.taken-over')
    if (!present && room.size >= this.ports.maxMembers) throw new ProtocolError('meeting.full')
    if (ctx.seat?.room !== room || ctx.seat.userID !== userID) this.leave(ctx, 'left')
    const seatID = this.ports.ids.uuid()
    const since = present?.since ?? this.#now()
    if (present) this.#vacate(room, userID, present.ctx !== ctx)
    this.#endHold(room, userID)
    if (present && present.instance !== ctx.link.instance)
      this.#blocks.add(room.id, userID, present.instance)
    room.seat(
      userID,
      { seatID, ctx, instance: ctx.link.instance, since },
      present ? null : { type: 'enter', userID, nickName, devices },
    )
    ctx.seat = { id: seatID, userID, room, since, proven }
    if (present) room.commit({ type: 'setDevices', userID, devices })
    this.#releaseElsewhere(room, userID)
    this.ports.occupied(room, true)
    this.#changed(ctx, room.id)
  }

  #now(): number {
    this.#entries = Math.max(this.ports.clock.now(), this.#entries + 1)
    return this.#entries
  }

  #changed(ctx: Context, meetingID: number | null): void {
    this.ports.changed(ctx)
    const { user } = ctx
    if (!user) return
    this.ports.activity.emit('meeting', { account: user.account, userID: user.userID, meetingID })
  }

  /** A seat that an earlier run of the server gave; false when it cannot be had any more. */
  restore(
    room: Room,
    seat: Pick<Seat, 'id' | 'since' | 'proven'>,
    member: Member,
    ctx: Context,
  ): boolean {
    const { userID } = member
    if (room.occupant(userID)) return false
    const { id: seatID, since } = seat
    this.#entries = Math.max(this.#entries, since)
    room.restore(member, { seatID, ctx, instance: ctx.link.instance, since })
    ctx.seat = { ...seat, userID, room }
    this.ports.occupied(room, true)
    this.#changed(ctx, room.id)
    return true
  }

  /** Takes the page off its seat; others only hear what closes (spec 07 §5.3, §5.4). */
  #vacate(room: Room, userID: string, tell = true): void {
    const present = room.occupant(userID)
    if (!present?.ctx) return
    const { ctx } = present
    room.hold(userID)
    this.ports.unseated(room, present.seatID, 'lost')
    ctx.seat = null
    this.#changed(ctx, null)
    if (tell) ctx.link.event('meetings.dropped', { id: room.id, reason: 1 })
    room.commit({ type: 'close', userID, kind: 'mic' })
    room.commit({ type: 'close', userID, kind: 'camera' })
  }

  #key(room: Room, userID: string) {
    return `${room.id}\n${userID}`
  }

  #endHold(room: Room, userID: string): void {
    this.#held.get(this.#key(room, userID))?.cancel()
    this.#held.delete(this.#key(room, userID))
  }

  /**
   * The page lost its login to a newer one: it is told, and its seat waits T_RESUME for the user
   * ("replaced and not returned", spec 07 §2 UserLeftMeeting).
   */
  hold(ctx: Context, tell = true): void {
    const { seat } = ctx
    if (!seat) return
    const { room, userID } = seat
    this.#vacate(room, userID, tell)
    const cancel = this.ports.clock.schedule(this.ports.holdMs, () => this.#release(room, userID))
    this.#held.set(this.#key(room, userID), { room, userID, cancel })
  }

  #release(room: Room, userID: string): void {
    this.#endHold(room, userID)
    room.unseat(userID, 'lost')
    if (room.size === 0) this.ports.occupied(room, false)
  }

  /** The user is somewhere else now: nobody waits for the return any longer. */
  #releaseElsewhere(room: Room, userID: string): void {
    for (const held of [...this.#held.values()])
      if (held.userID === userID && held.room !== room && held.room.account === room.account)
        this.#release(held.room, userID)
  }

  /** The user logged out: seats held for it are given up. */
  releaseAll(account: string, userID: string): void {
    for (const held of [...this.#held.values()])
      if (held.userID === userID && held.room.account === account) this.#release(held.room, userID)
  }

  leave(ctx: Context, cause: 'left' | 'lost'): void {
    const { seat } = ctx
    if (!seat) return
    ctx.seat = null
    this.ports.unseated(seat.room, seat.id, cause)
    seat.room.unseat(seat.userID, cause)
    if (seat.room.size === 0) this.ports.occupied(seat.room, false)
    this.#changed(ctx, null)
  }

  /** The meeting is over for everybody inside, except that `silent` is not told. */
  stop(room: Room, silent: Context | null): void {
    for (const held of [...this.#held.values()])
      if (held.room === room) this.#endHold(room, held.userID)
    for (const ctx of room.contexts()) {
      const { seat } = ctx
      ctx.seat = null
      if (seat) this.ports.unseated(room, seat.id, 'left')
      if (ctx !== silent) ctx.link.event('meetings.stopped', { id: room.id })
      this.#changed(ctx, null)
    }
  }

  close(): void {
    for (const held of this.#held.values()) held.cancel()
    this.#held.clear()
  }
}

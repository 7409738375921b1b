import { type Devices, LIMITS, type Member, ProtocolError } from '@yuntang/protocol'
import type { Activity } from '../../actor/activity.ts'
import type { Context } from '../../actor/context.ts'
import type { Room } from '../../actor/room.ts'
import type { Clock } from '../../core/clock.ts'
import type { Ids } from '../../core/ids.ts'

export interface SeatPorts {
  readonly clock: Clock
  readonly ids: Ids
  readonly maxMembers: number
  readonly activity: Activity
  /** The seat is gone: its media goes too. */
  unseated(room: Room, seatID: string): void
  /** The room has nobody inside any more, or somebody again. */
  occupied(room: Room, anybody: boolean): void
}

/** Taking, taking over and leaving seats (spec 07 §2, §5). */
export class Seats {
  /** Page instances that lost a seat to a newer entry, until when they may not take it back. */
  readonly #thrownOut = new Map<string, number>()

  constructor(private readonly ports: SeatPorts) {}

  enter(room: Room, userID: string, nickName: string, devices: Devices, ctx: Context): void {
    const present = room.occupant(userID)
    if (present?.ctx === ctx) return
    if (this.#blocked(room, userID, ctx)) throw new ProtocolError('seat.taken-over')
    if (!present && room.size >= this.ports.maxMembers) throw new ProtocolError('meeting.full')
    this.leave(ctx, 'left')
    const seatID = this.ports.ids.uuid()
    if (present) this.#takeOver(room, userID, present.ctx)
    room.seat(
      userID,
      { seatID, ctx },
      present ? null : { type: 'enter', userID, nickName, devices },
    )
    ctx.seat = { id: seatID, userID, room }
    if (present) room.commit({ type: 'setDevices', userID, devices })
    ctx.link.onEnd((how) => this.leave(ctx, how === 'lost' ? 'lost' : 'left'))
    this.ports.occupied(room, true)
    this.#tell(ctx, room.id)
  }

  #tell({ user }: Context, meetingID: number | null): void {
    if (!user) return
    this.ports.activity.emit('meeting', { account: user.account, userID: user.userID, meetingID })
  }

  /** The newest entry wins: others get no left/entered pair, only what closes (spec 07 §5.4). */
  #takeOver(room: Room, userID: string, old: Context): void {
    const { seat } = old
    old.seat = null
    old.link.event('meetings.dropped', { id: room.id, reason: 1 })
    this.#remember(room, userID, old)
    room.unseat(userID, null)
    if (seat) this.ports.unseated(room, seat.id)
    this.#tell(old, null)
    room.commit({ type: 'close', userID, kind: 'mic' })
    room.commit({ type: 'close', userID, kind: 'camera' })
  }

  #key(room: Room, userID: string, ctx: Context) {
    return `${room.id}\n${ctx.link.instance}\n${userID}`
  }

  #remember(room: Room, userID: string, ctx: Context): void {
    const now = this.ports.clock.now()
    for (const [key, until] of this.#thrownOut) if (until <= now) this.#thrownOut.delete(key)
    this.#thrownOut.set(this.#key(room, userID, ctx), now + LIMITS.takeover)
  }

  #blocked(room: Room, userID: string, ctx: Context): boolean {
    return (this.#thrownOut.get(this.#key(room, userID, ctx)) ?? 0) > this.ports.clock.now()
  }

  leave(ctx: Context, cause: 'left' | 'lost'): void {
    const { seat } = ctx
    if (!seat) return
    ctx.seat = null
    this.ports.unseated(seat.room, seat.id)
    seat.room.unseat(seat.userID, cause)
    if (seat.room.size === 0) this.ports.occupied(seat.room, false)
    this.#tell(ctx, null)
  }

  /** The page is taken out by the server. */
  drop(ctx: Context): void {
    const { seat } = ctx
    if (!seat) return
    ctx.link.event('meetings.dropped', { id: seat.room.id, reason: 1 })
    this.leave(ctx, 'lost')
  }

  /** The meeting is over for everybody inside, except that `silent` is not told. */
  stop(room: Room, silent: Context | null): void {
    for (const ctx of room.contexts()) {
      const { seat } = ctx
      ctx.seat = null
      if (seat) this.ports.unseated(room, seat.id)
      if (ctx !== silent) ctx.link.event('meetings.stopped', { id: room.id })
      this.#tell(ctx, null)
    }
  }

  members(room: Room): Member[] {
    return [...room.members]
  }
}

import type { Gateway } from '../../gateway/gateway.ts'
import type { MeetingStore } from '../../storage/port.ts'
import type { SharedMedia } from '../media/shared-media.ts'
import { isSelf } from '../meetings/policy.ts'
import type { Rooms } from '../meetings/rooms.ts'
import type { Seats } from '../meetings/seats.ts'
import type { Screens } from '../screen/screens.ts'
import type { Directory } from './directory.ts'
import type { SessionKeeper } from './keeper.ts'

export interface RestoreDeps {
  readonly keeper: SessionKeeper
  readonly gateway: Gateway
  readonly directory: Directory
  readonly rooms: Rooms
  readonly seats: Seats
  readonly screens: Screens
  readonly sharedMedia: SharedMedia
  readonly meetings: MeetingStore
}

/** Brings back who was here when the server ended; each has T_RESUME from now on to return. */
export const restoreSessions = async (deps: RestoreDeps): Promise<void> => {
  const saved = await deps.keeper.restore()
  if (saved.length === 0) return
  /** Members come first: a share names one of them. */
  const shares: (() => void)[] = []
  const meetings = new Map((await deps.meetings.all()).map((m) => [m.id, m]))
  for (const { key, page } of saved) {
    const { instance, base, login, seat } = page
    const ctx = deps.gateway.restore({ key, instance, base })
    if (login && !deps.directory.find(login.account, login.userID)) {
      ctx.user = login
      deps.directory.add(ctx)
    }
    const meeting = seat && meetings.get(seat.meeting)
    const { id, since } = seat ?? { id: '', since: 0 }
    if (seat && meeting) {
      const room = deps.rooms.open(meeting)
      const proven = isSelf(ctx.user, meeting, seat.member.userID)
      const back = deps.seats.restore(room, { id, since, proven }, seat.member, ctx)
      const { screen } = seat
      if (back && screen) shares.push(() => deps.screens.restore(room, screen))
      if (back && seat.media) deps.sharedMedia.restore(room, seat.media)
    }
    if (!ctx.user && !ctx.seat) ctx.link.end('closed')
    deps.keeper.changed(ctx)
  }
  for (const restore of shares) restore()
}

import { type Handlers, type members, ProtocolError } from '@yuntang/protocol'
import type { Context, Seat } from '../../actor/context.ts'
import type { Room } from '../../actor/room.ts'
import { mayControl } from './policy.ts'

const seatOf = (ctx: Context): Seat => ctx.seat as Seat

/** The actor may act on the target, who is a member. */
const permit = (ctx: Context, target: string) => {
  const { room, userID } = seatOf(ctx)
  const member = room.member(target)
  if (!member) throw new ProtocolError('member.unknown')
  if (!mayControl(room.policy, room.owner, userID, target))
    throw new ProtocolError('permission.denied')
  return { room, member, actor: userID }
}

export interface MembersDeps {
  readonly maxOpenMics: number
  /** Opens a telephone's microphone; false when the member is none. Throws mic.limit. */
  openPhone(room: Room, userID: string): boolean
}

export const membersHandlers = (deps: MembersDeps): Handlers<typeof members, Context> => ({
  openMic(_params, ctx) {
    const { room, userID } = seatOf(ctx)
    room.commit({ type: 'openMic', userID, maxOpen: deps.maxOpenMics })
    return {}
  },

  openCamera({ sending }, ctx) {
    const { room, userID } = seatOf(ctx)
    room.commit({ type: 'openCamera', userID, sending })
    return {}
  },

  close({ userID, kind }, ctx) {
    permit(ctx, userID).room.commit({ type: 'close', userID, kind })
    return {}
  },

  closeAllMics(_params, ctx) {
    const { room, userID } = seatOf(ctx)
    if (!mayControl(room.policy, room.owner, userID, ''))
      throw new ProtocolError('permission.denied')
    room.commit({ type: 'closeAllMics' })
    return {}
  },

  askOpen({ userID, kind }, ctx) {
    const { room, member, actor } = permit(ctx, userID)
    // A telephone has no page that could ask its person, who can be muted again at any time.
    if (kind === 'mic' && deps.openPhone(room, userID)) return {}
    // Nothing happens when there is no device or it is open already (spec 08 §2.1, 3).
    if ((kind === 'mic' ? member.audio : member.video) === 2)
      room.tell(userID, 'members.openRequested', { by: actor, kind })
    return {}
  },

  askDefaultVideo({ userID, videoID }, ctx) {
    const { room, member, actor } = permit(ctx, userID)
    if (videoID === -1 || member.cameras.some((c) => c.videoID === videoID))
      room.tell(userID, 'members.defaultVideoRequested', { by: actor, videoID })
    return {}
  },

  setDevices(devices, ctx) {
    const { room, userID } = seatOf(ctx)
    room.commit({ type: 'setDevices', userID, devices })
    return {}
  },
})

import { type Handlers, ProtocolError, type phones } from '@yuntang/protocol'
import type { Context, Seat } from '../../actor/context.ts'
import { mayHangUp } from './policy.ts'
import type { PhoneSeats } from './seats.ts'

/** `seats` null: there is no telephone. */
export const phonesHandlers = (
  seats: Pick<PhoneSeats, 'find'> | null,
): Handlers<typeof phones, Context> => ({
  hangUp({ userID }, ctx) {
    const { room, userID: actor } = ctx.seat as Seat
    const phone = seats?.find(room, userID)
    if (!phone) throw new ProtocolError('member.unknown')
    if (!mayHangUp(room.policy, room.owner, actor, userID))
      throw new ProtocolError('permission.denied')
    phone.hangUp()
    return {}
  },
})

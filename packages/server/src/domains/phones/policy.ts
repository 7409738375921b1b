import type { RoomPolicy } from '../../actor/room.ts'
import { mayControl } from '../members/policy.ts'

/** Hanging a telephone up is acting on another member (spec 07 §1.4). */
export const mayHangUp = (
  policy: RoomPolicy,
  owner: string,
  actor: string,
  phone: string,
): boolean => mayControl(policy, owner, actor, phone)

import type { RoomPolicy } from '../../actor/room.ts'
import type { MediaState } from './state.ts'

/** The player stops its media; under policy `owner` the owner may, too (spec 10 §4). */
export const mayStop = (
  state: MediaState,
  policy: RoomPolicy,
  owner: string,
  actor: string,
): boolean =>
  state !== null && (state.play.userID === actor || (policy === 'owner' && actor === owner))

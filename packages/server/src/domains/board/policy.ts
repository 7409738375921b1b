import type { RoomPolicy } from '../../actor/room.ts'

/** Who may close a board, spec 07 §1.4; making boards and writing on them is everybody's. */
export const mayCloseBoard = (
  policy: RoomPolicy,
  owner: string,
  creator: string,
  actor: string,
): boolean => policy === 'open' || actor === creator || actor === owner

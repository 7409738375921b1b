import type { RoomPolicy } from '../../actor/room.ts'

/** Who may switch the page, the wall and the main video, spec 07 §1.4. */
export const mayDirect = (policy: RoomPolicy, owner: string, actor: string): boolean =>
  policy === 'open' || actor === owner

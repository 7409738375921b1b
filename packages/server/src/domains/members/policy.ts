import type { RoomPolicy } from '../../actor/room.ts'

/** Who may act on another member's devices, spec 07 §1.4. */
export const mayControl = (policy: RoomPolicy, owner: string, actor: string, target: string) =>
  actor === target || policy === 'open' || actor === owner

/** Who may end a meeting, spec 03 §9. */
export const mayEnd = (policy: RoomPolicy, owner: string, actor: string, inside: boolean) =>
  actor === owner || (policy === 'open' && inside)

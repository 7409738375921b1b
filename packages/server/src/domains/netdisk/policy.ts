import type { NetFileOwner } from '../../storage/port.ts'

/** A guest's user ID proves nothing: it never owns what somebody with a login of that ID has. */
export const owns = (file: NetFileOwner, actor: NetFileOwner): boolean =>
  file.owner === actor.owner && file.guest === actor.guest

/** Who may delete a file, spec 06 §9: its owner, or the creator of the meeting. */
export const mayRemove = (file: NetFileOwner, creator: string, actor: NetFileOwner): boolean =>
  owns(file, actor) || owns({ owner: creator, guest: false }, actor)

/** Only its owner may replace a file that exists, spec 06 §1. */
export const mayReplace = (file: NetFileOwner | null, actor: NetFileOwner): boolean =>
  file === null || owns(file, actor)

/** Whether a file of that size still fits; each takes whole KB, unfinished ones count too. */
export const fits = (used: { kb: number }, size: number, limitKb: number): boolean =>
  used.kb + Math.ceil(size / 1024) <= limitKb

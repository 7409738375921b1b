import type { Cancellable, Events } from '../api.ts'

/** One user of the app account (spec 02 §7). */
export interface UserStatus {
  readonly userID: string
  /** Empty means: show the user ID. */
  readonly nickName: string
  /** 0 offline, 1 free, 2 busy, 3 in a meeting. */
  readonly status: 0 | 1 | 2 | 3
  /** Do-not-disturb: 0 off, any other number on. */
  readonly dnd: number
}

export interface PresenceEvents {
  /** A user's status changed, my own included; only while watching. */
  changed: { user: UserStatus }
}

/** Who of my app account is online, and my own do-not-disturb. Needs a login (spec 02 §6). */
export interface Presence extends Events<PresenceEvents> {
  /** My own number; 0 at each login. */
  readonly dnd: number
  /** 0 off, any other 32-bit integer on; the number is shown to others. */
  setDnd(value: number, cancel?: Cancellable): Promise<void>
  /** Everybody online, me included, in order of login. */
  list(cancel?: Cancellable): Promise<UserStatus[]>
  /** Begins `changed`; lasts until {@link Presence.unwatch} or the end of the login. */
  watch(cancel?: Cancellable): Promise<void>
  /** No `changed` comes after it resolved. */
  unwatch(cancel?: Cancellable): Promise<void>
}

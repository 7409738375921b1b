import type { Link } from '../gateway/link.ts'
import type { Room } from './room.ts'

/** A login. `proof` lets its page come back into a meeting after line-off (spec 07 §5.3). */
export interface User {
  readonly account: string
  readonly userID: string
  readonly nickName: string
  /** Hash of the proof that its page holds. */
  readonly proofHash: string
}

/** A place in a meeting; `id` is unique, so that a take-over is another peer for the media engine. */
export interface Seat {
  readonly id: string
  readonly userID: string
  readonly room: Room
  /** When the member entered, milliseconds since 1970; unique, so that it gives the order of entry. */
  readonly since: number
  /** Its user ID is that of a login, present or proven; anybody may call itself by another (spec 07 §2). */
  readonly proven: boolean
}

/** What a handler knows of its caller; one per link, mutable by the session and meetings domains only. */
export interface Context {
  readonly link: Link
  user: User | null
  seat: Seat | null
  /** Counts up when a login begins or is given up, so that a late one notices. */
  attempt: number
}

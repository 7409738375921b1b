import type { UserKey } from './activity.ts'

/** A user's call as session information shows it (spec 05 §3, `GetSessionInfo`). */
export interface CurrentCall {
  readonly callID: string
  readonly peerID: string
  readonly peerName: string
  readonly accepted: boolean
  /** 0 for none. */
  readonly meetingID: number
  readonly meetingPassword: string
  /** Milliseconds since 1970; null while it rings. */
  readonly acceptedAt: number | null
}

/** What other domains ask of calls. */
export interface Calls {
  /** Calling, ringing or talking. */
  engaged(user: UserKey): boolean
  current(user: UserKey): CurrentCall | null
}

/** What calls ask of presence and queues. */
export interface Reachability {
  /** 0 off. */
  dnd(user: UserKey): number
  /** True when `customer` is offered to or accepted by `agent`: such a call passes do-not-disturb. */
  paired(account: string, agent: string, customer: string): boolean
}

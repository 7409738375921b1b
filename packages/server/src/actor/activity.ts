import { createEmitter, type Emitter } from '../core/emitter.ts'
import type { Log } from '../core/log.ts'

/** A user of an app account. */
export interface UserKey {
  readonly account: string
  readonly userID: string
}

/** How a login ended: asked for, lost past T_RESUME, taken by a second login, or by the server. */
export type OfflineCause = 'logout' | 'lost' | 'replaced' | 'closed'

/** Why a call or in-app invite ended. `by` of the activity says who did it, where somebody did. */
export type CallEnd = 'refused' | 'unanswered' | 'cancelled' | 'hungUp' | 'lost' | 'meetingEnded'

/** One call or in-app invite between two users of an account (spec 03 §4, §6). */
export interface CallActivity {
  readonly account: string
  readonly callID: string
  readonly kind: 'call' | 'invite'
  readonly caller: string
  readonly called: string
  readonly stage: 'ringing' | 'accepted' | 'ended'
  /** Only with `ended`. */
  readonly end?: CallEnd
  /** User ID of who ended it. */
  readonly by?: string
}

/**
 * What logged-in users do, told once per change by the domain that owns it, so that domains which
 * care (presence, calls, queues, transfers) need not know each other.
 */
export interface Activities {
  online: UserKey
  offline: UserKey & { readonly how: OfflineCause }
  /** The link was lost silently (`alive` false) or came back within T_RESUME. */
  link: UserKey & { readonly alive: boolean }
  /** Entered a meeting on the logged-in link, or left it (`null`). */
  meeting: UserKey & { readonly meetingID: number | null }
  /** Switched do-not-disturb to this number; 0 off. */
  dnd: UserKey & { readonly dnd: number }
  call: CallActivity
}

export type Activity = Emitter<Activities>

export const createActivity = (log: Log): Activity =>
  createEmitter<Activities>((err, activity) =>
    log.error({ err, activity }, 'a reaction to what a user does failed'),
  )

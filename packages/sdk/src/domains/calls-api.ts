import type { Cancellable, Events } from '../api.ts'

/** The meeting to talk in; further properties of `extra` reach the other side unchanged. */
export interface CallMeetingRef {
  id: number
  password?: string
  extra?: Readonly<Record<string, unknown>>
}

/** The meeting of a call: the password as its page gave it, the rest as the server knows it. */
export interface CallMeeting {
  /** 0: the call has no meeting, and everything else is empty. */
  readonly id: number
  readonly password: string
  readonly subject: string
  /** Absolute public link. */
  readonly url: string
  readonly creator: string
  readonly memberCount: number
  readonly extra: Readonly<Record<string, unknown>>
}

/**
 * Why a call is over: `refused`, `unanswered` for T_RING, `cancelled` by who called, `hungUp`, `lost` (the
 * other side logged out or stayed away), `meetingEnded`.
 */
export type CallEnd = 'refused' | 'unanswered' | 'cancelled' | 'hungUp' | 'lost' | 'meetingEnded'

/** The two classic families of functions; an invite reports by its own only. */
export type InviteFamily = 'clientInvite' | 'callMoreParty'
/** 0 ringing, 1 connected, 2 refused, 3 no answer, 4 hung up; 2, 3 and 4 are final. */
export type InviteStatus = 0 | 1 | 2 | 3 | 4

export interface CallEvents {
  /** The called side accepted; `meeting` is the one that counts now. */
  accepted: { meeting: CallMeeting; text: string }
  /** The call is over, whoever ended it. */
  ended: { reason: CallEnd; text: string }
}

/** One call or invite in which this user takes part. */
export interface Call extends Events<CallEvents> {
  readonly id: string
  readonly kind: 'call' | 'invite'
  readonly direction: 'out' | 'in'
  readonly peerID: string
  /** Empty means: show the user ID. */
  readonly peerName: string
  readonly state: 'ringing' | 'accepted' | 'ended'
  readonly meeting: CallMeeting
  /** What the calling side gave along. */
  readonly text: string
  /** Called side only; does not enter the meeting. Errors: call.unknown, meeting.unknown. */
  accept(options?: { meeting?: CallMeetingRef; text?: string }, cancel?: Cancellable): Promise<void>
  /** Called side, while it rings. */
  reject(options?: { text?: string }, cancel?: Cancellable): Promise<void>
  /** Cancels, refuses or ends it, whatever its state asks for; does not leave the meeting. */
  hangUp(options?: { text?: string }, cancel?: Cancellable): Promise<void>
}

export interface CallsEvents {
  /** Somebody calls or invites me; also after a login, when it rings still. */
  incoming: { call: Call }
  /** My outgoing call was accepted. */
  accepted: { callID: string; meeting: CallMeeting; text: string }
  /** My outgoing call ended without having been accepted. */
  rejected: { callID: string; reason: CallEnd; text: string }
  /** A call to me, or an accepted one, is over without my doing. */
  hungUp: { callID: string; reason: CallEnd; text: string }
  /** News of an invite that I made; never 0, which is what the resolved `invite` says. */
  invite: { inviteID: string; family: InviteFamily; status: InviteStatus }
}

export interface StartCallOptions {
  userID: string
  /** Default: none; then the called side may supply one. */
  meeting?: CallMeetingRef
  /** At most 64 KiB of UTF-8. */
  text?: string
  /** 1–64 characters, unique; made by default. */
  id?: string
}

export interface InviteOptions extends StartCallOptions {
  meeting: CallMeetingRef
  /** Default `callMoreParty`. */
  family?: InviteFamily
}

/** Calls between two users of an app account, and inviting third parties (spec 03 §4–§7). Needs a login. */
export interface Calls extends Events<CallsEvents> {
  /** The call that this page is part of. */
  readonly current: Call | null
  /**
   * Resolves when the other side is being rung. Errors: param.invalid, call.exists, meeting.unknown,
   * call.no-user, call.offline, call.busy.
   */
  start(options: StartCallOptions, cancel?: Cancellable): Promise<Call>
  /** The call kept from before a reload or a lost connection; null when there is none. */
  resume(cancel?: Cancellable): Promise<Call | null>
  /** As {@link Call.accept}, by ID. */
  accept(
    callID: string,
    options?: { meeting?: CallMeetingRef; text?: string },
    cancel?: Cancellable,
  ): Promise<void>
  /** As {@link Call.reject}, by ID. */
  reject(callID: string, options?: { text?: string }, cancel?: Cancellable): Promise<void>
  /** As {@link Call.hangUp}, by ID. */
  hangUp(callID: string, options?: { text?: string }, cancel?: Cancellable): Promise<void>
  /**
   * Rings a third person into a meeting in which I am or which I made; resolves with the invite's ID when it
   * rings. Errors: param.invalid, meeting.unknown, permission.denied, call.no-user, call.offline, call.busy.
   */
  invite(options: InviteOptions, cancel?: Cancellable): Promise<string>
  /** Ends an invite that I made, ringing or connected. Error: call.unknown. */
  cancelInvite(
    inviteID: string,
    options?: { text?: string; family?: InviteFamily },
    cancel?: Cancellable,
  ): Promise<void>
}

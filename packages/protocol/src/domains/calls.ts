import type { Static } from 'typebox'
import { domain, event, request } from '../contract.ts'
import { LIMITS } from '../limits.ts'
import { bool, int, list, nothing, obj, oneOf, opt, text, UserID } from '../schema.ts'

/** Made by the calling page; calls and invites share one name space (spec 00 §7). */
const CallID = () => text(64, 1)
/** Free text for the other side, at most 64 KiB of UTF-8 (spec 00 §4). */
const FreeText = () => text(LIMITS.freeTextBytes)
/** JSON text of an object's further properties, carried to the other side unchanged (spec 03 §1). */
const Extra = () => text(LIMITS.extraChars)

/** The meeting that a call refers to as its page gives it; number 0 for none. */
export const CallMeetingRef = obj({
  id: int(0, Number.MAX_SAFE_INTEGER),
  password: text(LIMITS.passwordChars),
  extra: opt(Extra()),
})
export type CallMeetingRef = Static<typeof CallMeetingRef>

/** The meeting of a call as the other side gets it; zero and empty without one (spec 03 §5). */
export const CallMeeting = obj({
  id: int(0, Number.MAX_SAFE_INTEGER),
  /** As its page gave it. */
  password: text(LIMITS.passwordChars),
  subject: text(LIMITS.subjectChars),
  /** Absolute. */
  url: text(2048),
  creator: text(LIMITS.userIDChars),
  memberCount: int(0, 1_000_000),
  extra: opt(Extra()),
})
export type CallMeeting = Static<typeof CallMeeting>

/** Which of the two classic function families made an invite: it reports by that one only (spec 03 §6). */
export const InviteFamily = oneOf('clientInvite', 'callMoreParty')

/** Why a call or invite ended, as the other side hears it. */
export const CallEnd = oneOf('refused', 'unanswered', 'cancelled', 'hungUp', 'lost', 'meetingEnded')
export type CallEnd = Static<typeof CallEnd>

/** A call or invite that this user is part of. */
export const CurrentCall = obj({
  callID: CallID(),
  kind: oneOf('call', 'invite'),
  /** This user called, or was called. */
  direction: oneOf('out', 'in'),
  peerID: UserID(),
  peerName: text(LIMITS.nickNameChars),
  accepted: bool(),
  meeting: CallMeeting,
})
export type CurrentCall = Static<typeof CurrentCall>

/** Calls between two users and invites of third parties (spec 03 §4–§8). */
export const calls = domain('calls', {
  requests: {
    /** Answered when the called user is being rung. */
    call: request({
      in: obj({ callID: CallID(), called: UserID(), meeting: CallMeetingRef, ext: FreeText() }),
      out: nothing(),
      allow: 'user',
    }),
    /** `meeting` with a number replaces the meeting of the call. */
    accept: request({
      in: obj({ callID: CallID(), meeting: CallMeetingRef, ext: FreeText() }),
      out: nothing(),
      allow: 'user',
    }),
    reject: request({
      in: obj({ callID: CallID(), ext: FreeText() }),
      out: nothing(),
      allow: 'user',
    }),
    /** Cancels, refuses or ends, whatever the call's state asks for. */
    hangUp: request({
      in: obj({ callID: CallID(), ext: FreeText() }),
      out: nothing(),
      allow: 'user',
    }),
    /** Answered when the invited user is being rung; that is status 0. */
    invite: request({
      in: obj({
        callID: CallID(),
        called: UserID(),
        meeting: CallMeetingRef,
        ext: FreeText(),
        family: InviteFamily,
      }),
      out: nothing(),
      allow: 'user',
    }),
    cancelInvite: request({
      in: obj({ callID: CallID(), ext: FreeText(), family: InviteFamily }),
      out: nothing(),
      allow: 'user',
    }),
    /** The call or invite that this user is part of: none or one. */
    current: request({ in: nothing(), out: obj({ calls: list(CurrentCall, 1) }), allow: 'user' }),
  },
  events: {
    /** Somebody calls or invites this user; told again to a page that logs in while it rings. */
    incoming: event(
      obj({
        callID: CallID(),
        kind: oneOf('call', 'invite'),
        callerID: UserID(),
        callerName: text(LIMITS.nickNameChars),
        meeting: CallMeeting,
        ext: FreeText(),
      }),
    ),
    /** To the caller; `meeting` is the one that counts now. */
    accepted: event(obj({ callID: CallID(), meeting: CallMeeting, ext: FreeText() })),
    /** To the caller: the call was never accepted. */
    rejected: event(obj({ callID: CallID(), end: CallEnd, ext: FreeText() })),
    /** To a called or talking user: it is over. */
    hungUp: event(obj({ callID: CallID(), end: CallEnd, ext: FreeText() })),
    /** To the inviter: 1 connected, 2 rejected, 3 no answer, 4 hung up. */
    inviteStatus: event(obj({ callID: CallID(), family: InviteFamily, status: oneOf(1, 2, 3, 4) })),
  },
})

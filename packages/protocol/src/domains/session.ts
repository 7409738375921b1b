import { domain, event, replacedEvent, request } from '../contract.ts'
import {
  bool,
  int,
  keptText,
  NickName,
  nothing,
  obj,
  oneOf,
  opt,
  orNull,
  text,
  UserID,
} from '../schema.ts'
import { MeetingSnapshot } from './meetings.ts'

/** Greeting, login and line-off (spec 02). */
export const session = domain('session', {
  requests: {
    /** First request on every socket. With `resume` it continues an earlier link. */
    hello: request({
      in: obj({
        protocol: int(0, 1_000_000),
        sdk: text(64),
        /** One per page load; lets the server tell a take-over from a return. */
        instance: keptText(64, 8),
        resume: opt(obj({ token: text(128), seen: int(0, Number.MAX_SAFE_INTEGER) })),
      }),
      out: obj({
        server: text(64),
        /** Secret that resumes this link; new with every greeting that is not a resume. */
        token: text(128),
        resumed: bool(),
        /**
         * True on a resume after the server was restarted: it kept the session but no requests and
         * answers. Those without an answer are sent again where that is harmless, or fail.
         */
        restarted: opt(bool()),
        /** Highest request id that the server has taken; higher ones must be sent again. */
        taken: int(0, Number.MAX_SAFE_INTEGER),
        resumeWindow: int(0, 86_400_000),
        guests: bool(),
        /** Telephones can be invited into meetings. */
        phones: bool(),
      }),
      allow: 'anyone',
    }),
    login: request({
      in: obj({
        account: keptText(128, 1),
        /** MD5 of the account's password, 32 hex digits; the plain password never crosses. */
        password: Type32Hex(),
        nickName: NickName(),
        /** Absent: the server makes one. */
        userID: opt(UserID()),
        /** For the application's own user check; absent when not used. */
        authCode: opt(text(16 * 1024, 1)),
      }),
      out: obj({
        userID: UserID(),
        /** Proof of this login, for coming back into a meeting after line-off (spec 07 §5.3). */
        proof: text(128),
      }),
      allow: 'anyone',
    }),
    logout: request({ in: nothing(), out: nothing(), allow: 'anyone' }),
  },
  events: {
    /**
     * Replaces events that were not kept: this is the page's meeting now, null when it holds no seat.
     * Its media connections are void: build both anew.
     */
    resync: replacedEvent(obj({ meeting: orNull(MeetingSnapshot) })),
    /** The login ended without the page asking. `code` is a key of the error table. */
    lineOff: event(
      obj({
        code: oneOf('session.replaced', 'session.closed', 'internal'),
        message: opt(text(256)),
      }),
    ),
  },
})

function Type32Hex() {
  return { ...text(32, 32), pattern: '^[0-9a-fA-F]{32}$' }
}

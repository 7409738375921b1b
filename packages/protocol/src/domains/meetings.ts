import type { Static } from 'typebox'
import { domain, event, replacedEvent, request } from '../contract.ts'
import { LIMITS } from '../limits.ts'
import {
  bool,
  int,
  keptText,
  list,
  MeetingID,
  NickName,
  nothing,
  obj,
  oneOf,
  opt,
  text,
  UserID,
} from '../schema.ts'
import { BoardSummary } from './board.ts'
import { ImSnapshot } from './im.ts'
import { SharedPlay } from './media.ts'
import { Devices, Member } from './members.ts'
import { PagesState } from './pages.ts'
import { Relays } from './rtc.ts'
import { ScreenShare } from './screen.ts'

/** What is known of a meeting from outside (spec 03 §1). */
export const MeetingInfo = obj({
  id: MeetingID(),
  /** `""` for none, `"*"` when it may not be shown. */
  password: text(LIMITS.passwordChars),
  subject: text(LIMITS.subjectChars),
  /** Public link, absolute. */
  url: text(2048),
  creator: text(LIMITS.userIDChars),
  memberCount: int(0, 1_000_000),
  /** Milliseconds since 1970. */
  createdAt: int(0, Number.MAX_SAFE_INTEGER),
})
export type MeetingInfo = Static<typeof MeetingInfo>

/** Everything an entrant needs, taken between two events of the room (spec 07 §1.6). */
export const MeetingSnapshot = obj({
  id: MeetingID(),
  subject: text(LIMITS.subjectChars),
  owner: text(LIMITS.userIDChars),
  url: text(2048),
  me: UserID(),
  policy: oneOf('open', 'owner'),
  members: list(Member, 10_000),
  /** Absent: the engine is reached directly. */
  relays: opt(Relays),
  im: opt(ImSnapshot),
  pages: opt(PagesState),
  board: opt(BoardSummary),
  /** Absent: nobody shares. */
  screen: opt(ScreenShare),
  /** Absent: nobody plays. */
  media: opt(SharedPlay),
})
export type MeetingSnapshot = Static<typeof MeetingSnapshot>

/** Making, listing, entering and ending meetings (spec 03 §1–3, 07 §2–3). */
export const meetings = domain('meetings', {
  requests: {
    create: request({
      in: obj({
        subject: keptText(LIMITS.subjectChars),
        withPassword: bool(),
        /** Made by the page, one per call: a repeated request answers the meeting made before. */
        key: opt(keptText(64, 8)),
      }),
      out: MeetingInfo,
      allow: 'user',
    }),
    destroy: request({ in: obj({ id: MeetingID() }), out: nothing(), allow: 'user' }),
    list: request({
      in: nothing(),
      out: obj({ meetings: list(MeetingInfo, 100_000) }),
      allow: 'user',
    }),
    /** What the last part of a public link stands for. */
    resolve: request({
      in: obj({ slug: keptText(64, 1) }),
      out: obj({ id: MeetingID(), subject: text(LIMITS.subjectChars), protected: bool() }),
      allow: 'anyone',
    }),
    enter: request({
      in: obj({
        id: MeetingID(),
        password: text(LIMITS.passwordChars),
        /** Absent: the login's user ID, or a server-made one for a guest. */
        userID: opt(UserID()),
        nickName: NickName(),
        devices: Devices,
        /**
         * The page starts anew, whatever it had here: its open devices close, others get no
         * left/entered pair (spec 07 §2, while recovering). Absent: a seat held already is kept.
         */
        fresh: opt(bool()),
        /** Proof of a login that was lost, see `session.login`. */
        proof: opt(text(128)),
      }),
      out: MeetingSnapshot,
      allow: 'anyone',
    }),
    exit: request({ in: nothing(), out: nothing(), allow: 'anyone' }),
  },
  events: {
    /** Somebody took a seat; not sent to the entrant. */
    entered: replacedEvent(obj({ member: Member })),
    left: replacedEvent(obj({ userID: UserID(), cause: oneOf('left', 'lost') })),
    /** The meeting was ended by somebody else, an administrator or expiry. */
    stopped: event(obj({ id: MeetingID() })),
    /** This page lost its seat: 0 network, 1 removed or replaced (spec 07 §5.5). */
    dropped: event(obj({ id: MeetingID(), reason: oneOf(0, 1) })),
  },
})

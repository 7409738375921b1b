import type { Static } from 'typebox'
import { domain, replacedEvent, request } from '../contract.ts'
import { LIMITS } from '../limits.ts'
import { int, keptText, nothing, obj, oneOf, text, UserID } from '../schema.ts'

/** 0 video wall, 1 sharing, 2 whiteboard (spec 11 §2). */
const MainPage = oneOf(0, 1, 2)
/** A board's ID, or `""`. */
const SubPage = () => keptText(LIMITS.subPageChars)
/** 0–9 are the layouts of spec 11 §3.1; applications may use other integers. */
const WallMode = () => int(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)
/** `""` for nobody. */
const OrNobody = () => text(LIMITS.userIDChars)

/** What a meeting looks at together (spec 07 §1.5). */
export const PagesState = obj({
  main: MainPage,
  sub: SubPage(),
  /** Who switched last. */
  by: OrNobody(),
  wall: WallMode(),
  /** Who set the wall; `""`: it is that of a new meeting. */
  wallBy: OrNobody(),
  mainVideo: OrNobody(),
  /** Who chose or cleared the main video. */
  mainVideoBy: OrNobody(),
})
export type PagesState = Static<typeof PagesState>

/** Page, video wall and main video that all members share (spec 11 §2–4). */
export const pages = domain('pages', {
  requests: {
    switch: request({
      in: obj({ main: MainPage, sub: SubPage() }),
      out: nothing(),
      allow: 'member',
    }),
    setWall: request({ in: obj({ mode: WallMode() }), out: nothing(), allow: 'member' }),
    /** `""` clears it. */
    setMainVideo: request({ in: obj({ userID: OrNobody() }), out: nothing(), allow: 'member' }),
  },
  events: {
    /** To all, the actor included: the order in which they come decides. */
    switched: replacedEvent(obj({ main: MainPage, sub: SubPage(), by: UserID() })),
    /** The board that was the sub page is closed. */
    subClosed: replacedEvent(nothing()),
    /** Also when the mode was set to what it was. */
    wall: replacedEvent(obj({ mode: WallMode(), by: UserID() })),
    /** `by` is the one who left when the main video did. */
    mainVideo: replacedEvent(obj({ userID: OrNobody(), by: UserID() })),
  },
})

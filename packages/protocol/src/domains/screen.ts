import type { Static } from 'typebox'
import { domain, replacedEvent, request } from '../contract.ts'
import { LIMITS } from '../limits.ts'
import { int, nothing, obj, text, UserID } from '../schema.ts'

/** Where the shared region lies on the captured surface, in native pixels (spec 09 §1). */
export const ShareRect = obj({
  x: int(0, LIMITS.screenSide),
  y: int(0, LIMITS.screenSide),
  w: int(1, LIMITS.screenSide),
  h: int(1, LIMITS.screenSide),
})
export type ShareRect = Static<typeof ShareRect>

/** The meeting's one share. */
export const ScreenShare = obj({
  /** The sharer. */
  userID: UserID(),
  rect: ShareRect,
  /** Who holds the control right; `""` for nobody. */
  holder: text(LIMITS.userIDChars),
})
export type ScreenShare = Static<typeof ScreenShare>

/** Screen share and remote control (spec 09). The picture itself is the sharer's track `screen`. */
export const screen = domain('screen', {
  requests: {
    /** I share from now on; of my own running share it changes the region only. */
    start: request({ in: obj({ rect: ShareRect }), out: nothing(), allow: 'member' }),
    resize: request({ in: obj({ rect: ShareRect }), out: nothing(), allow: 'member' }),
    stop: request({ in: nothing(), out: nothing(), allow: 'member' }),
  },
  events: {
    started: replacedEvent(obj({ userID: UserID(), rect: ShareRect })),
    resized: replacedEvent(obj({ rect: ShareRect })),
    /** Also when the sharer left; then before it is told that it did. */
    stopped: replacedEvent(obj({ userID: UserID() })),
  },
})

import Type, { type Static } from 'typebox'
import { domain, replacedEvent, request } from '../contract.ts'
import { LIMITS } from '../limits.ts'
import { int, list, nothing, obj, oneOf, opt, text, UserID } from '../schema.ts'

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
  /** When it began, milliseconds since 1970: tells this share from an earlier one of the same user. */
  since: int(0, Number.MAX_SAFE_INTEGER),
})
export type ScreenShare = Static<typeof ScreenShare>

const Coordinate = () => int(0, LIMITS.screenSide)
/** `x, y, x, y …` in share coordinates. */
const Points = (most: number) => list(Coordinate(), 2 * most)
const MarkID = () => text(LIMITS.markIDChars, 1)
const Style = {
  /** `B<<16 | G<<8 | R`. */
  color: int(0, 0xffffff),
  width: int(1, LIMITS.markMaxWidth),
}

/** A stroke over the share (spec 09 §6). */
export const Mark = obj({
  userID: UserID(),
  /** Unique among its user's. */
  id: MarkID(),
  /** Order in which strokes began. */
  n: int(1, Number.MAX_SAFE_INTEGER),
  ...Style,
  points: Points(LIMITS.markPoints),
})
export type Mark = Static<typeof Mark>

/** A mouse message: MOUSE_MSG_TYPE, MOUSE_KEY_TYPE, share coordinates (spec 09 §7). */
export const MouseInput = obj({
  mouse: oneOf(0, 1, 2, 3),
  button: oneOf(0, 1, 2, 3, 4, 5),
  x: Coordinate(),
  y: Coordinate(),
})
export type MouseInput = Static<typeof MouseInput>

/** A key message: 0 pressed, 1 released; Windows virtual key code; extended variant. */
export const KeyInput = obj({ key: oneOf(0, 1), vk: int(1, 254), extended: oneOf(0, 1) })
export type KeyInput = Static<typeof KeyInput>

const RemoteInputs = () => list(Type.Union([MouseInput, KeyInput]), LIMITS.remoteInputs)

/** Screen share and remote control (spec 09). The picture itself is the sharer's track `screen`. */
export const screen = domain('screen', {
  requests: {
    /** I share from now on; of my own running share it changes the region only. */
    start: request({ in: obj({ rect: ShareRect }), out: nothing(), allow: 'member' }),
    resize: request({ in: obj({ rect: ShareRect }), out: nothing(), allow: 'member' }),
    stop: request({ in: nothing(), out: nothing(), allow: 'member' }),
    /** The sharer gives the control right; whoever held it loses it first. */
    give: request({ in: obj({ userID: UserID() }), out: nothing(), allow: 'member' }),
    /** The sharer takes the right back, or the holder gives it up. */
    release: request({ in: nothing(), out: nothing(), allow: 'member' }),
    /** The holder's mouse and keys; only the sharer gets them, in order. */
    input: request({
      in: obj({ inputs: RemoteInputs() }),
      out: nothing(),
      allow: 'member',
      pace: 'fast',
    }),
    /**
     * Begins a stroke of mine, or makes it longer: its points from the one numbered `from` on. Those
     * that are known already count once; where some before them are missing it is refused.
     */
    mark: request({
      in: obj({
        id: MarkID(),
        ...Style,
        from: int(0, LIMITS.markPoints),
        points: Points(LIMITS.markPoints),
      }),
      out: nothing(),
      allow: 'member',
      pace: 'fast',
    }),
    /** Removes my strokes. */
    unmark: request({ in: nothing(), out: nothing(), allow: 'member' }),
    /** Strokes in order from the one after `after` on; the rest by asking again. */
    marks: request({
      in: obj({ after: int(0, Number.MAX_SAFE_INTEGER) }),
      out: obj({ marks: list(Mark, LIMITS.marks), more: opt(oneOf(1)) }),
      allow: 'member',
    }),
  },
  events: {
    started: replacedEvent(
      obj({ userID: UserID(), rect: ShareRect, since: int(0, Number.MAX_SAFE_INTEGER) }),
    ),
    resized: replacedEvent(obj({ rect: ShareRect })),
    /** Also when the sharer left; then before it is told that it did. */
    stopped: replacedEvent(obj({ userID: UserID() })),
    /** To all, the sharer included: it alone decides whether it did give the right. */
    given: replacedEvent(obj({ by: UserID(), userID: UserID() })),
    /** `by` is the sharer, the holder, or the one of them who left. */
    released: replacedEvent(obj({ by: UserID(), userID: UserID() })),
    /** To the sharer only. After lost ones the page lets go of every key (resync). */
    input: replacedEvent(obj({ by: UserID(), inputs: RemoteInputs() })),
    /** A stroke began (`from` 0) or became longer; asked for anew after a resync. */
    marked: replacedEvent(
      obj({
        userID: UserID(),
        id: MarkID(),
        n: int(1, Number.MAX_SAFE_INTEGER),
        from: int(0, LIMITS.markPoints),
        ...Style,
        points: Points(LIMITS.markPoints),
      }),
    ),
    unmarked: replacedEvent(obj({ userID: UserID() })),
  },
})

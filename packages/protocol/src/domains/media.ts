import type { Static } from 'typebox'
import { domain, replacedEvent, request } from '../contract.ts'
import { LIMITS } from '../limits.ts'
import { int, keptText, nothing, obj, oneOf, UserID } from '../schema.ts'

/** Playing position, ms. */
const At = () => int(0, LIMITS.mediaMs)
const Side = () => int(0, LIMITS.mediaSide)
/** The file, as all learn of it. */
const FILE = {
  /** Last component of its path. */
  name: keptText(LIMITS.mediaNameChars, 1),
  /** ms; 0 for live streams. */
  duration: At(),
  /** Of its picture, pixels; 0 for sound only. */
  width: Side(),
  height: Side(),
}
const Switch = () => oneOf(0, 1)
/** Spec 10 §4.1: closed, end of file, unreadable, damaged, unsupported, anything else. */
const StopReason = () => oneOf(0, 1, 2, 3, 4, 5)
export type MediaStopReason = 0 | 1 | 2 | 3 | 4 | 5

/** The meeting's one shared media (spec 10 §4.1). */
export const SharedPlay = obj({
  /** The player. */
  userID: UserID(),
  ...FILE,
  paused: Switch(),
  /** Where the player is now. */
  at: At(),
})
export type SharedPlay = Static<typeof SharedPlay>

/** Shared media. Picture and sound are the player's tracks `media` and `mediaSound`. */
export const media = domain('media', {
  requests: {
    /** I play from now on; again for my own running media it tells where I am. */
    start: request({
      in: obj({ ...FILE, paused: Switch(), at: At() }),
      out: nothing(),
      allow: 'member',
    }),
    /** The player paused, resumed, or is somewhere else than expected. */
    move: request({ in: obj({ paused: Switch(), at: At() }), out: nothing(), allow: 'member' }),
    /** By the player; under policy `owner` also by the owner, then always with reason 0. */
    stop: request({ in: obj({ reason: StopReason() }), out: nothing(), allow: 'member' }),
  },
  events: {
    started: replacedEvent(SharedPlay),
    moved: replacedEvent(obj({ userID: UserID(), paused: Switch(), at: At() })),
    /** Also when the player left; then before it is told that it did. */
    stopped: replacedEvent(obj({ userID: UserID(), reason: StopReason() })),
  },
})

import type { Static } from 'typebox'
import { domain, replacedEvent, request } from '../contract.ts'
import { LIMITS } from '../limits.ts'
import { bool, int, keptText, list, obj, opt, text, UserID } from '../schema.ts'

/** Number of a message in its meeting; counts up in the order in which everybody hears them. */
const Seq = () => int(1, Number.MAX_SAFE_INTEGER)

/** A message as the server took it (spec 11 §1). */
export const ImMessage = obj({
  seq: Seq(),
  from: UserID(),
  /** `""`: everybody in the meeting. */
  to: text(LIMITS.userIDChars),
  /** What both were called then, for who never saw them; `""`: by their IDs, or everybody. */
  fromName: text(LIMITS.nickNameChars),
  toName: text(LIMITS.nickNameChars),
  text: text(LIMITS.imBytes, 1),
  /** The server's time, milliseconds since 1970. */
  at: int(0, Number.MAX_SAFE_INTEGER),
})
export type ImMessage = Static<typeof ImMessage>

/** What a meeting's snapshot says of its messages. */
export const ImSnapshot = obj({
  /** Highest number told so far. */
  last: int(0, Number.MAX_SAFE_INTEGER),
})

/** Messages in a meeting (spec 11 §1). */
export const im = domain('im', {
  requests: {
    send: request({
      in: obj({
        /** Longer ones than allowed pass here, so that their answer says what is wrong. */
        text: text(LIMITS.imBytes * 4, 1),
        to: text(LIMITS.userIDChars),
        /** Made by the page, one per message: a repeated request is not sent twice. */
        key: keptText(64, 1),
      }),
      out: obj({ seq: Seq(), at: int(0, Number.MAX_SAFE_INTEGER) }),
      allow: 'member',
    }),
    /**
     * What the caller may read, in order: the messages before a number, else those after one, else
     * the newest.
     */
    history: request({
      in: obj({ before: opt(Seq()), after: opt(int(0, Number.MAX_SAFE_INTEGER)) }),
      out: obj({
        messages: list(ImMessage, LIMITS.imPage),
        /** There are more in that direction. */
        more: bool(),
      }),
      allow: 'member',
    }),
  },
  events: {
    /** Also to the sender when it is to everybody. After a resync the page asks for the history. */
    message: replacedEvent(ImMessage),
  },
})

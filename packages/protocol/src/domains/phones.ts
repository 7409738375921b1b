import { domain, request } from '../contract.ts'
import { nothing, obj, UserID } from '../schema.ts'

/** Telephones inside the meeting that the page is in; they are invited by `calls.invite` (spec 03 §6.4). */
export const phones = domain('phones', {
  requests: {
    /** Ends a telephone's call: it leaves the meeting. */
    hangUp: request({ in: obj({ userID: UserID() }), out: nothing(), allow: 'member' }),
  },
  events: {},
})

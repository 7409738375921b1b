import type { Static } from 'typebox'
import { domain, replacedEvent, request } from '../contract.ts'
import { LIMITS } from '../limits.ts'
import { int, list, NickName, nothing, obj, oneOf, opt, UserID } from '../schema.ts'

/** A do-not-disturb number: 0 off, any other 32-bit integer on (spec 02 §6). */
export const Dnd = () => int(-2_147_483_648, 2_147_483_647)

/** One user of the app account as others see it (spec 02 §7). */
export const UserStatus = obj({
  userID: UserID(),
  nickName: NickName(),
  /** 0 offline, 1 free, 2 busy, 3 in a meeting. */
  status: oneOf(0, 1, 2, 3),
  dnd: Dnd(),
})
export type UserStatus = Static<typeof UserStatus>

const Users = list(UserStatus, LIMITS.usersPerFrame)

/** Who is online and what they do (spec 02 §6, §7). */
export const presence = domain('presence', {
  requests: {
    setDnd: request({ in: obj({ value: Dnd() }), out: nothing(), allow: 'user' }),
    /** Online users in order of login, a part at a time: `after` is what the part before gave as `next`. */
    list: request({
      in: obj({ after: opt(int(0, Number.MAX_SAFE_INTEGER)) }),
      out: obj({ users: Users, next: opt(int(0, Number.MAX_SAFE_INTEGER)) }),
      allow: 'user',
    }),
    /** Pushes changes of all users of the app account until `unwatch` or the end of the login. */
    watch: request({ in: nothing(), out: nothing(), allow: 'user' }),
    unwatch: request({ in: nothing(), out: nothing(), allow: 'user' }),
  },
  events: {
    /** What changed within the last moment, each user once; `list` has it too. */
    changed: replacedEvent(obj({ users: Users })),
  },
})

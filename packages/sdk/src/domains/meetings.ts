import { LIMITS } from '@yuntang/protocol'
import type { Meetings } from '../api.ts'
import { YuntangError } from '../errors.ts'
import type { Send } from '../link/link.ts'

/** Unique for each call, so that a repeated request is not carried out twice. */
const requestKey = () =>
  Array.from(crypto.getRandomValues(new Uint32Array(4)), (n) => n.toString(36)).join('-')

/** True for a meeting number that the contract takes. */
export const isMeetingID = (id: number) => Number.isSafeInteger(id) && id > 0

export interface MeetingsDeps {
  loggedIn(): boolean
  /** Over the login's link; rejects with `login.required` without one. */
  readonly send: Send
  /** Over whatever link there is, or one of its own. */
  readonly sendAsAnyone: Send
  /** A meeting was ended by this page. */
  destroyed(id: number): void
}

export const createMeetings = (deps: MeetingsDeps): Meetings => {
  const { loggedIn, send, sendAsAnyone, destroyed } = deps
  /** Without a login first, then what the server would refuse anyway. */
  const check = (fits: boolean) => {
    if (!loggedIn()) throw new YuntangError('login.required')
    if (!fits) throw new YuntangError('param.invalid')
  }
  return {
    async create({ subject, withPassword = false }, cancel = {}) {
      check(subject.length <= LIMITS.subjectChars)
      return await send(
        'meetings.create',
        { subject, withPassword, key: requestKey() },
        cancel.signal,
      )
    },
    async list(cancel = {}) {
      const { meetings } = await send('meetings.list', {}, cancel.signal)
      return meetings
    },
    async destroy(id, cancel = {}) {
      check(isMeetingID(id))
      await send('meetings.destroy', { id }, cancel.signal)
      destroyed(id)
    },
    async resolve(slug, cancel = {}) {
      if (!slug || slug.length > 64) throw new YuntangError('param.invalid')
      return await sendAsAnyone('meetings.resolve', { slug }, cancel.signal)
    },
  }
}

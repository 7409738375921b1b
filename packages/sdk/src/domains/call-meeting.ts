import { LIMITS, type CallMeeting as WireMeeting } from '@yuntang/protocol'
import type { CallMeeting, CallMeetingRef } from '../api.ts'
import { YuntangError } from '../errors.ts'

/** A call without a meeting. */
export const NO_MEETING: CallMeeting = {
  id: 0,
  password: '',
  subject: '',
  url: '',
  creator: '',
  memberCount: 0,
  extra: {},
}

/** A meeting reference on its way to the server; throws `param.invalid` for what it would refuse. */
export const meetingToWire = ({ id, password = '', extra = {} }: CallMeetingRef) => {
  const more = Object.keys(extra).length > 0 ? JSON.stringify(extra) : ''
  const fits =
    Number.isSafeInteger(id) &&
    id >= 0 &&
    password.length <= LIMITS.passwordChars &&
    more.length <= LIMITS.extraChars
  if (!fits) throw new YuntangError('param.invalid')
  return { id, password, ...(more && { extra: more }) }
}

const parseExtra = (text: string): Readonly<Record<string, unknown>> => {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}

/** The meeting of a call as the server tells it; what the other page added may be anything. */
export const meetingFromWire = ({ extra = '', ...meeting }: WireMeeting): CallMeeting => ({
  ...meeting,
  extra: extra ? parseExtra(extra) : {},
})

import { readUri } from '../sip/grammar/uri.ts'
import type { SipRequest } from '../sip/message/message.ts'
import type { Reply } from '../sip/message/respond.ts'

/** What we do, as headers of requests and responses. */
export const ALLOW = 'INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE'
export const ACCEPT = 'application/sdp, application/dtmf-relay, application/dtmf'
/** Extensions that a peer may require of us. Reliable responses are taken from the called side only. */
const SUPPORTED = new Set(['timer', '100rel'])

const KNOWN = new Set([
  'ACK',
  'BYE',
  'CANCEL',
  'INFO',
  'INVITE',
  'MESSAGE',
  'NOTIFY',
  'OPTIONS',
  'PRACK',
  'PUBLISH',
  'REFER',
  'REGISTER',
  'SUBSCRIBE',
  'UPDATE',
])

/** Requests that make sense inside a call only. */
const IN_CALL = new Set(['BYE', 'INFO', 'UPDATE', 'PRACK'])

export const capabilities = (): Reply => ({
  status: 200,
  headers: { Allow: ALLOW, Accept: ACCEPT, Supported: 'timer' },
})

/** Refusal of a method that nobody here handles (RFC 3261 §8.2.1, §21.5.2). */
export const refuseMethod = (method: string): Reply => {
  if (IN_CALL.has(method)) return { status: 481 }
  return KNOWN.has(method) ? { status: 405, headers: { Allow: ALLOW } } : { status: 501 }
}

/** What RFC 3261 §8.2 checks before a request means anything; null when all is well. */
export const refuseRequest = (request: SipRequest): Reply | null => {
  const { headers } = request
  if (!readUri(request.uri)) return { status: 416 }
  const unknown = headers.list('Require').filter((tag) => !SUPPORTED.has(tag.toLowerCase()))
  if (unknown.length) return { status: 420, headers: { Unsupported: unknown.join(', ') } }
  const encoding = headers.get('Content-Encoding')
  if (request.body.length && encoding && encoding.toLowerCase() !== 'identity')
    return { status: 415, headers: { 'Accept-Encoding': 'identity' } }
  return null
}

/** The media type of the body, lower case and without parameters. */
export const contentType = (message: { headers: SipRequest['headers'] }): string =>
  (message.headers.get('Content-Type') ?? '').split(';')[0]!.trim().toLowerCase()

/** The description in an INVITE or UPDATE; a refusal when the body is something else. */
export const offerOf = (request: SipRequest): { sdp: string | null } | Reply => {
  if (!request.body.length) return { sdp: null }
  return contentType(request) === 'application/sdp'
    ? { sdp: request.body.toString('latin1') }
    : { status: 415, headers: { Accept: 'application/sdp' } }
}

import { readAddress } from '../sip/grammar/address.ts'
import { escapeUser, hostText, readUri } from '../sip/grammar/uri.ts'
import type { SipRequest } from '../sip/message/message.ts'

/** Whom a call goes to. */
export interface Destination {
  /** As people know it. */
  readonly number: string
  /** Request-URI. */
  readonly uri: string
}

/** What people put into numbers for the eye (RFC 3966 §5.1.1). */
const VISUAL = /[\s().\-/]/g
const NUMBER = /^[+\d*#]{1,64}$/

/**
 * Reads what is to be called: a number as people write it, `tel:`, or `sip:` with a user. Null for
 * anything else, and for `sips:`, which promises encryption that a trunk over UDP or TCP has not.
 */
export const readDestination = (
  to: string,
  trunk: { host: string; port: number },
  rewrite: (number: string) => string,
): Destination | null => {
  const uri = readUri(to)
  if (uri?.scheme === 'sip') {
    if (!uri.user) return null
    const port = uri.port ? `:${uri.port}` : ''
    return { number: uri.user, uri: `sip:${escapeUser(uri.user)}@${hostText(uri.host)}${port}` }
  }
  const number = (uri?.scheme === 'tel' ? uri.user : to).replace(VISUAL, '')
  if (!NUMBER.test(number)) return null
  const user = rewrite(number)
  if (!user || user.length > 128) return null
  return { number, uri: trunkUri(user, trunk) }
}

/** The address of a user of the trunk. */
export const trunkUri = (user: string, { host, port }: { host: string; port: number }): string =>
  `sip:${user ? `${escapeUser(user)}@` : ''}${hostText(host)}${port === 5060 ? '' : `:${port}`}`

const numberIn = (value: string | undefined): string => {
  const uri = readUri(readAddress(value ?? '')?.uri ?? '')
  return uri ? visible(uri.scheme === 'tel' ? uri.user.replace(VISUAL, '') : uri.user) : ''
}

/** Without control characters, and of bounded length. */
const visible = (text: string): string => text.replace(/[^\x20-\x7e\xa0-\uffff]/g, '').slice(0, 128)

/** Who calls: what the trunk asserts (RFC 3325), else From; empty when it is withheld. */
export const callerOf = ({ headers }: SipRequest): string => {
  const asserted = headers.list('P-Asserted-Identity').map(numberIn).find(Boolean)
  const number = asserted ?? numberIn(headers.get('From'))
  const withheld = headers.list('Privacy').some((p) => /\b(id|user)\b/i.test(p))
  return withheld || number.toLowerCase() === 'anonymous' ? '' : number
}

/** What was dialled: the Request-URI, or To when the trunk calls us by the name we registered. */
export const dialledIn = (request: SipRequest, own: string): string => {
  const called = readUri(request.uri)
  const user = called ? visible(called.user) : ''
  return !user || user === own ? numberIn(request.headers.get('To')) || user : user
}

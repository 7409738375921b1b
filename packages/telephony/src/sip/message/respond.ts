import { readAddress } from '../grammar/address.ts'
import { Headers } from './headers.ts'
import type { SipRequest, SipResponse } from './message.ts'
import { reasonOf } from './reasons.ts'

export interface Reply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
  readonly body?: string
}

/** The response to a request (RFC 3261 §8.2.6); `tag` is put to a To that has none. */
export const respond = (to: SipRequest, reply: Reply, tag: string): SipResponse => {
  const headers = new Headers()
  for (const value of to.headers.all('Via')) headers.add('Via', value)
  // The first only: a damaged request may have several, and is answered too.
  for (const name of ['From', 'To', 'Call-ID', 'CSeq'])
    headers.add(name, to.headers.get(name) ?? '')
  const toValue = to.headers.get('To')
  if (reply.status > 100 && toValue && !readAddress(toValue)?.params.has('tag'))
    headers.set('To', `${toValue};tag=${tag}`)
  for (const [name, value] of Object.entries(reply.headers ?? {}))
    for (const one of typeof value === 'string' ? [value] : value) headers.add(name, one)
  return {
    status: reply.status,
    reason: reasonOf(reply.status),
    headers,
    body: Buffer.from(reply.body ?? '', 'latin1'),
  }
}

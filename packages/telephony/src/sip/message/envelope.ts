import { type NameAddress, readAddress } from '../grammar/address.ts'
import { readNumber, TOKEN } from '../grammar/text.ts'
import { readUri } from '../grammar/uri.ts'
import { readVia, type Via } from '../grammar/via.ts'
import { isRequest, type SipMessage } from './message.ts'
import { SipSyntaxError } from './syntax-error.ts'

/** What every message must say (RFC 3261 §8.1.1), read once. */
export interface Envelope {
  readonly via: Via
  readonly from: NameAddress
  readonly to: NameAddress
  readonly fromTag: string
  /** Empty outside a dialog. */
  readonly toTag: string
  readonly callId: string
  readonly cseq: number
  readonly cseqMethod: string
}

/** Throws {@link SipSyntaxError} when something is missing or wrong. */
export const envelopeOf = (message: SipMessage): Envelope => {
  const bad = (detail: string) => new SipSyntaxError(400, detail, message)
  const { headers } = message
  const viaText = headers.list('Via')[0]
  const via = viaText === undefined ? null : readVia(viaText)
  if (!via) throw bad('no Via that can be read')
  const from = readAddress(headers.get('From') ?? '')
  const to = readAddress(headers.get('To') ?? '')
  if (!from || !to) throw bad('no From or To that can be read')
  const callId = headers.get('Call-ID')
  if (!callId || /\s/.test(callId) || callId.length > 256) throw bad('no Call-ID')
  const [number, method = '', ...more] = (headers.get('CSeq') ?? '').split(/[ \t]+/)
  const cseq = readNumber(number, 2 ** 31 - 1)
  if (cseq === null || !TOKEN.test(method) || more.length) throw bad('no CSeq that can be read')
  if (isRequest(message)) {
    if (method !== message.method) throw bad('CSeq names another method')
    const hops = headers.get('Max-Forwards')
    if (hops !== undefined && readNumber(hops, 255) === null) throw bad('Max-Forwards is no number')
    if (/^sips?:/i.test(message.uri) && !readUri(message.uri))
      throw bad('a Request-URI that is none')
  }
  const [fromTag = '', toTag = ''] = [from, to].map((address) => address.params.get('tag'))
  if (fromTag.length > 256 || toTag.length > 256) throw bad('a tag over 256 characters')
  return { via, from, to, fromTag, toTag, callId, cseq, cseqMethod: method }
}

import { readAddress } from '../grammar/address.ts'
import { readUri } from '../grammar/uri.ts'
import { Headers } from '../message/headers.ts'
import { request, type SipMessage, type SipRequest, type SipResponse } from '../message/message.ts'
import type { ServerTransaction } from '../transaction/server.ts'

/** What two sides share of a call (RFC 3261 §12); a value, changed by making another. */
export interface Dialog {
  readonly callId: string
  readonly localTag: string
  readonly remoteTag: string
  /** From and To of our requests, with their tags. */
  readonly from: string
  readonly to: string
  /** Where requests are meant for: the other side's Contact. */
  readonly target: string
  /** First to be visited first. */
  readonly routes: readonly string[]
  /** CSeq of our latest request. */
  readonly localSeq: number
  /** CSeq of the latest request of the other side; -1 before the first. */
  readonly remoteSeq: number
}

/** How calls are found: by call and our tag. The other side's tag tells the forks of one call. */
export const dialogKey = (callId: string, localTag: string): string => `${localTag} ${callId}`

/** The address in Contact, when it is one. */
export const contactOf = (message: SipMessage): string | null => {
  const contact = readAddress(message.headers.list('Contact')[0] ?? '')
  return contact && readUri(contact.uri) ? contact.uri : null
}

/** Of the caller, by a response with a To tag (§12.1.2). */
export const dialogOfResponse = (sent: SipRequest, response: SipResponse): Dialog => {
  const from = sent.headers.get('From')!
  const to = response.headers.get('To')!
  return {
    callId: sent.headers.get('Call-ID')!,
    localTag: readAddress(from)?.params.get('tag') ?? '',
    remoteTag: readAddress(to)?.params.get('tag') ?? '',
    from,
    to,
    target: contactOf(response) ?? sent.uri,
    routes: response.headers.list('Record-Route').reverse(),
    localSeq: Number.parseInt(sent.headers.get('CSeq')!, 10),
    remoteSeq: -1,
  }
}

/** Of the called side, by the request that it answers (§12.1.1). Null without a Contact. */
export const dialogOfRequest = (invite: ServerTransaction): Dialog | null => {
  const { headers } = invite.request
  const { callId, fromTag, cseq } = invite.envelope
  const target = contactOf(invite.request)
  if (target === null) return null
  return {
    callId,
    localTag: invite.tag,
    remoteTag: fromTag,
    from: `${headers.get('To')};tag=${invite.tag}`,
    to: headers.get('From')!,
    target,
    routes: headers.list('Record-Route'),
    localSeq: 0,
    remoteSeq: cseq,
  }
}

/** Requests that carry a Contact, which may move the target (§12.2). */
export const movesTarget = (method: string): boolean => method === 'INVITE' || method === 'UPDATE'

/** A request inside the dialog (§12.2.1.1); `seq` is another's CSeq for ACK, else the next. */
export const requestIn = (
  dialog: Dialog,
  method: string,
  options: {
    headers?: Readonly<Record<string, string>>
    body?: string
    seq?: number
  } = {},
): { request: SipRequest; dialog: Dialog } => {
  const seq = options.seq ?? dialog.localSeq + 1
  const [first = '', ...rest] = dialog.routes
  const firstUri = readAddress(first)?.uri ?? ''
  const loose = !first || /;lr(?=[;=?]|$)/i.test(firstUri)
  const headers = new Headers()
  // A strict router takes its own address out of the Request-URI and puts the last route there.
  for (const route of loose ? dialog.routes : [...rest, `<${dialog.target}>`])
    headers.add('Route', route)
  headers
    .add('Max-Forwards', '70')
    .add('From', dialog.from)
    .add('To', dialog.to)
    .add('Call-ID', dialog.callId)
    .add('CSeq', `${seq} ${method}`)
  for (const [name, value] of Object.entries(options.headers ?? {})) headers.add(name, value)
  return {
    request: request(method, loose ? dialog.target : firstUri, headers, options.body),
    dialog: options.seq === undefined ? { ...dialog, localSeq: seq } : dialog,
  }
}

/** Takes a request of the other side (§12.2.2): null when it is older than one before. */
export const advance = (dialog: Dialog, message: SipRequest, cseq: number): Dialog | null => {
  if (cseq <= dialog.remoteSeq) return null
  const target = movesTarget(message.method) ? contactOf(message) : null
  return { ...dialog, remoteSeq: cseq, target: target ?? dialog.target }
}

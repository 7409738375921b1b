import type { Headers } from './headers.ts'

/** A SIP message (RFC 3261 §7). Text is Latin-1 of the bytes, so that what is echoed stays the same. */
interface Parts {
  readonly headers: Headers
  readonly body: Buffer
}

export interface SipRequest extends Parts {
  readonly method: string
  readonly uri: string
}

export interface SipResponse extends Parts {
  readonly status: number
  readonly reason: string
}

export type SipMessage = SipRequest | SipResponse

export const isRequest = (message: SipMessage): message is SipRequest => 'method' in message

const NOTHING = Buffer.alloc(0)

export const request = (
  method: string,
  uri: string,
  headers: Headers,
  body?: string,
): SipRequest => ({
  method,
  uri,
  headers,
  body: body === undefined ? NOTHING : Buffer.from(body, 'latin1'),
})

/** The bytes of a message, with its Content-Length. */
export const writeMessage = (message: SipMessage): Buffer => {
  const start = isRequest(message)
    ? `${message.method} ${message.uri} SIP/2.0`
    : `SIP/2.0 ${message.status} ${message.reason}`
  const headers = message.headers.clone().set('Content-Length', String(message.body.length))
  const head = Buffer.from(`${start}\r\n${headers.text()}\r\n`, 'latin1')
  return message.body.length ? Buffer.concat([head, message.body]) : head
}

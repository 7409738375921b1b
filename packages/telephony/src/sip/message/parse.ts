import { readNumber, TOKEN } from '../grammar/text.ts'
import { Headers } from './headers.ts'
import { MAX_BODY, MAX_FIELDS, MAX_HEAD } from './limits.ts'
import { isRequest, type SipMessage } from './message.ts'
import { SipSyntaxError } from './syntax-error.ts'

const REQUEST = /^([\w\-.!%*+`'~]{1,32}) +([^\s<>"]+) +SIP\/(\d{1,3}\.\d{1,3})$/i
const RESPONSE = /^SIP\/(\d{1,3}\.\d{1,3}) (\d{3})(?: (.*))?$/i
/** Headers that may stand once only (§20); two of them are two truths. */
const SINGLE = ['From', 'To', 'Call-ID', 'CSeq', 'Max-Forwards', 'Content-Length', 'Content-Type']

/** Index after the empty line that ends the head, or -1. */
export const endOfHead = (data: Buffer): number => {
  const at = data.indexOf('\r\n\r\n')
  return at < 0 ? -1 : at + 4
}

const startLine = (line: string, headers: Headers): SipMessage => {
  const body = Buffer.alloc(0)
  const response = RESPONSE.exec(line)
  if (response) {
    const status = Number(response[2])
    if (response[1] !== '2.0' || status < 100 || status > 699)
      throw new SipSyntaxError(400, 'a status line of another protocol')
    return { status, reason: response[3] ?? '', headers, body }
  }
  const request = REQUEST.exec(line)
  if (!request) throw new SipSyntaxError(400, 'not a SIP message')
  const message = { method: request[1]!, uri: request[2]!, headers, body }
  // The version is checked by the caller, after the headers: a refusal needs them.
  return request[3] === '2.0' ? message : { ...message, uri: '' }
}

const readHeaders = (lines: readonly string[], headers: Headers): string | null => {
  const folded: string[] = []
  for (const line of lines) {
    // §7.3.1: a line that begins with white space continues the one before.
    if (/^[ \t]/.test(line)) {
      if (!folded.length) return 'the first header line continues nothing'
      folded[folded.length - 1] += ` ${line.trim()}`
    } else folded.push(line)
    if (folded.length > MAX_FIELDS) return 'too many header fields'
  }
  for (const line of folded) {
    const colon = line.indexOf(':')
    const name = line.slice(0, Math.max(0, colon)).trimEnd()
    if (!TOKEN.test(name)) return 'a header line without a name'
    headers.add(name, line.slice(colon + 1).trim())
  }
  for (const name of SINGLE) if (headers.all(name).length > 1) return `${name} stands twice`
  return null
}

/** Start line and header fields of a message; `head` ends with its empty line. */
export const parseHead = (head: Buffer): SipMessage => {
  if (head.length > MAX_HEAD) throw new SipSyntaxError(413, 'a head over 16 KiB')
  const [first = '', ...lines] = head.toString('latin1').slice(0, -4).split('\r\n')
  const headers = new Headers()
  const message = startLine(first, headers)
  if (/[\0\r\n]/.test(first) || lines.some((line) => /[\0\r\n]/.test(line)))
    throw new SipSyntaxError(400, 'a control character in the head')
  const wrong = readHeaders(lines, headers)
  if (wrong) throw new SipSyntaxError(400, wrong, message)
  if (isRequest(message) && message.uri === '')
    throw new SipSyntaxError(505, 'another version of SIP', message)
  return message
}

/** Content-Length of a message; null when it has none. */
export const bodyLength = (message: SipMessage): number | null => {
  const text = message.headers.get('Content-Length')
  if (text === undefined) return null
  const length = readNumber(text, 2 ** 31)
  if (length === null) throw new SipSyntaxError(400, 'a Content-Length that is no number', message)
  if (length > MAX_BODY) throw new SipSyntaxError(413, 'a body over 32 KiB', message)
  return length
}

/** The message of one datagram (§18.3): bytes after Content-Length are dropped, missing ones refused. */
export const parseDatagram = (data: Buffer): SipMessage => {
  let start = 0
  while (data[start] === 13 || data[start] === 10) start++
  const end = endOfHead(data.subarray(start))
  if (end < 0) throw new SipSyntaxError(400, 'a head without an end')
  const message = parseHead(data.subarray(start, start + end))
  const rest = data.subarray(start + end)
  const length = bodyLength(message) ?? rest.length
  if (length > MAX_BODY) throw new SipSyntaxError(413, 'a body over 32 KiB', message)
  if (length > rest.length) throw new SipSyntaxError(400, 'a body cut short', message)
  return { ...message, body: Buffer.from(rest.subarray(0, length)) }
}

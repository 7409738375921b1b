import { describe, expect, test } from 'vitest'
import { envelopeOf } from '../../src/sip/message/envelope.ts'
import { isRequest, type SipMessage, writeMessage } from '../../src/sip/message/message.ts'
import { parseDatagram } from '../../src/sip/message/parse.ts'
import { MessageStream } from '../../src/sip/message/stream.ts'
import { SipSyntaxError } from '../../src/sip/message/syntax-error.ts'
import { damagedMessages, validMessages } from '../support/corpus.ts'

const readOf = (message: SipMessage, body: unknown) => {
  const { fromTag, toTag, cseq, callId } = envelopeOf(message)
  const start = isRequest(message) ? { method: message.method } : { status: message.status }
  const rest = body === undefined ? {} : { body: message.body.toString() }
  return { ...start, fromTag, toTag, cseq, callId, ...rest }
}

describe('messages as RFC 3261 allows them', () => {
  test.each(validMessages())('are read: $why', ({ data, read }) => {
    expect(readOf(parseDatagram(data), read.body)).toEqual(read)
  })

  test.each(validMessages())('are read again after they were written: $why', ({ data, read }) => {
    const again = parseDatagram(writeMessage(parseDatagram(data)))
    expect(readOf(again, read.body)).toEqual(read)
  })

  test.each(validMessages().filter(({ why }) => !why.startsWith('no Content-Length')))(
    'are read from a stream byte by byte: $why',
    ({ data, read }) => {
      const stream = new MessageStream()
      const exact = writeMessage(parseDatagram(data))
      const twice = Buffer.concat([Buffer.from('\r\n\r\n'), exact, exact])
      const messages: SipMessage[] = []
      for (const byte of twice) messages.push(...stream.push(Buffer.from([byte])).messages)
      expect(messages.map((m) => readOf(m, read.body))).toEqual([read, read])
    },
  )
})

const refusalOf = (run: () => void): SipSyntaxError => {
  try {
    run()
  } catch (error) {
    if (error instanceof SipSyntaxError) return error
    throw error
  }
  throw new Error('it was read')
}

describe('damaged messages', () => {
  test.each(damagedMessages())('are refused: $why', ({ data, status }) => {
    expect(refusalOf(() => envelopeOf(parseDatagram(data))).status).toBe(status)
  })

  test.each([
    ['a head over 16 KiB', `OPTIONS sip:a SIP/2.0\r\nX: ${'y'.repeat(17_000)}\r\n\r\n`, 413],
    ['too many header fields', `OPTIONS sip:a SIP/2.0\r\n${'X: y\r\n'.repeat(200)}\r\n`, 400],
    ['a body over 32 KiB', `OPTIONS sip:a SIP/2.0\r\n\r\n${'y'.repeat(40_000)}`, 413],
  ])('%s', (_, text, status) => {
    expect(refusalOf(() => parseDatagram(Buffer.from(text))).status).toBe(status)
  })
})

describe('a stream', () => {
  const message = (body: string, length = String(body.length)) =>
    `INFO sip:a SIP/2.0\r\nl: ${length}\r\n\r\n${body}`

  test('holds what is not complete, and counts pings between messages (RFC 5626 §4.4.1)', () => {
    const stream = new MessageStream()
    const one = stream.push(Buffer.from(`${message('abc')}\r\n\r\n${message('de').slice(0, -1)}`))
    expect(one.messages.map((m) => m.body.toString())).toEqual(['abc'])
    expect(one.pings).toBe(1)
    expect(stream.push(Buffer.from('e')).messages.map((m) => m.body.toString())).toEqual(['de'])
  })

  test.each([
    ['without Content-Length', 'INFO sip:a SIP/2.0\r\nX: y\r\n\r\n', 400],
    ['with a Content-Length that is none', message('', 'x'), 400],
    ['with a Content-Length over what we hold', message('', '40000'), 413],
    ['with a head that never ends', 'X'.repeat(20_000), 413],
    ['of another protocol', 'GET / HTTP/1.1\r\n\r\n', 400],
  ])('%s cannot go on', (_, text, status) => {
    const { messages, error } = new MessageStream().push(Buffer.from(`${message('x')}${text}`))
    expect(messages).toHaveLength(1)
    expect(error?.status).toBe(status)
  })
})

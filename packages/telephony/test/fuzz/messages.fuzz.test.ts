import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Negotiation } from '../../src/sdp/negotiation.ts'
import { readDescription, SdpError } from '../../src/sdp/read.ts'
import { readChallenge } from '../../src/sip/digest/challenge.ts'
import { readAddress } from '../../src/sip/grammar/address.ts'
import { readUri } from '../../src/sip/grammar/uri.ts'
import { readVia, stampVia } from '../../src/sip/grammar/via.ts'
import { envelopeOf } from '../../src/sip/message/envelope.ts'
import { MAX_BODY, MAX_FIELDS } from '../../src/sip/message/limits.ts'
import { type SipMessage, writeMessage } from '../../src/sip/message/message.ts'
import { parseDatagram } from '../../src/sip/message/parse.ts'
import { MessageStream } from '../../src/sip/message/stream.ts'
import { SipSyntaxError } from '../../src/sip/message/syntax-error.ts'
import { damagedMessages, descriptions, validMessages } from '../support/corpus.ts'
import '../support/seed.ts'

const CORPUS = [...validMessages(), ...damagedMessages()].map(({ data }) => data)
const HOSTILE = [
  '',
  ' ',
  '\u0000',
  '\r',
  '\n',
  '\r\n\r\n',
  '"',
  '<',
  '>',
  ';',
  ',',
  ':',
  '%',
  '\\',
  '-1',
  '99999999999999999999',
  '__proto__',
  'constructor',
  ';'.repeat(2000),
  ','.repeat(2000),
  '"'.repeat(2001),
  '\\'.repeat(2001),
  '<'.repeat(2000),
  'a'.repeat(5000),
  ' '.repeat(5000),
  '\t\r\n '.repeat(500),
]

/** A message of the corpus with some places changed. */
const mutated = fc
  .tuple(
    fc.constantFrom(...CORPUS),
    fc.array(
      fc.record({
        at: fc.double({ min: 0, max: 1, noNaN: true }),
        cut: fc.nat(12),
        put: fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ maxLength: 20 })),
      }),
      { maxLength: 4 },
    ),
  )
  .map(([data, changes]) => {
    let text = data.toString('latin1')
    for (const { at, cut, put } of changes) {
      const from = Math.floor(at * text.length)
      text = text.slice(0, from) + put + text.slice(from + cut)
    }
    return Buffer.from(text, 'latin1')
  })

const anyBytes = fc.oneof(
  { weight: 5, arbitrary: mutated },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 600 }).map((bytes) => Buffer.from(bytes)) },
)

/** Of processor time in microseconds, so that a busy machine changes nothing. */
const QUICK = 200_000
const quick = (run: () => void) => {
  const from = process.cpuUsage()
  run()
  expect(process.cpuUsage(from).user).toBeLessThan(QUICK)
}

const read = (data: Buffer): SipMessage | null => {
  try {
    const message = parseDatagram(data)
    envelopeOf(message)
    return message
  } catch (error) {
    expect(error).toBeInstanceOf(SipSyntaxError)
    return null
  }
}

test('bytes are read or refused, and what is read is the same when it is written and read again', () => {
  fc.assert(
    fc.property(anyBytes, (data) => {
      quick(() => {
        const message = read(data)
        if (!message) return
        expect(message.headers.size).toBeLessThanOrEqual(MAX_FIELDS)
        expect(message.body.length).toBeLessThanOrEqual(MAX_BODY)
        const written = writeMessage(message)
        const again = read(written)
        expect(again && writeMessage(again)).toEqual(written)
        // Nothing that came in can become a line of its own.
        expect(written.toString('latin1').split('\r\n\r\n')[0]).not.toMatch(/[\0]|[^\r]\n|\r[^\n]/)
      })
    }),
    { numRuns: 3000, endOnFailure: true, examples: CORPUS.map((data): [Buffer] => [data]) },
  )
})

test('a stream gives the same messages however it is cut', () => {
  const text = (message: SipMessage) => writeMessage(message).toString('latin1')
  fc.assert(
    fc.property(
      fc.array(mutated, { minLength: 1, maxLength: 3 }),
      fc.integer({ min: 1, max: 50 }),
      (parts, step) => {
        const data = Buffer.concat(parts)
        const whole = new MessageStream().push(data)
        const stream = new MessageStream()
        const messages: string[] = []
        let failed = false
        for (let at = 0; at < data.length && !failed; at += step) {
          const got = stream.push(data.subarray(at, at + step))
          messages.push(...got.messages.map(text))
          failed = got.error !== null
        }
        expect(messages).toEqual(whole.messages.map(text))
        expect(failed).toBe(whole.error !== null)
      },
    ),
    { numRuns: 600, endOnFailure: true },
  )
})

test('parts of headers are read or are none, in bounded time', () => {
  const part = fc.oneof(
    fc.constantFrom(
      '"A \\" b" <sip:a@b;x=y>;tag=z;q',
      'sip:u%20u:p@[2001:db8::1]:5060;lr?x=y',
      'SIP/2.0/UDP a.example:5060;branch=z9hG4bKx;rport',
      'Digest realm="r, s", nonce="n", qop="auth"',
    ),
    fc.constantFrom(...HOSTILE),
    fc.string({ maxLength: 30 }),
  )
  fc.assert(
    fc.property(fc.array(part, { maxLength: 4 }), (parts) => {
      const text = parts.join('')
      quick(() => {
        readAddress(text)
        readUri(text)
        readChallenge(text)
        const via = readVia(text)
        const stamped = stampVia(text, { address: '192.0.2.9', port: 9 })
        if (via?.params.has('rport')) expect(readVia(stamped)?.params.get('rport')).toBe('9')
      })
    }),
    { numRuns: 3000, endOnFailure: true },
  )
})

test('a description is read or refused, and our answer has only lines of our own making', () => {
  const text = fc
    .tuple(
      fc.constantFrom(...descriptions().map((d) => d.text)),
      fc.array(
        fc.record({
          at: fc.nat(400),
          cut: fc.nat(8),
          put: fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ maxLength: 12 })),
        }),
        { maxLength: 4 },
      ),
    )
    .map(([start, changes]) =>
      changes.reduce((t, { at, cut, put }) => t.slice(0, at) + put + t.slice(at + cut), start),
    )
  const LINE =
    /^(v=0|o=- 7 \d+ IN IP4 192\.0\.2\.1|s=-|t=0 0|c=IN IP4 192\.0\.2\.1|m=[\w/.-]+ \d+ [\w/.-]+( [\w/.-]+)+|a=(rtpmap|fmtp):\d+ [\w/.-]+|a=ptime:20|a=(sendrecv|sendonly|recvonly|inactive))$/
  fc.assert(
    fc.property(text, (offer) => {
      quick(() => {
        try {
          readDescription(offer)
          const { text: answer } = new Negotiation({
            session: 7,
            address: '192.0.2.1',
            port: 4000,
          }).answer(offer)
          for (const line of answer.split('\r\n').slice(0, -1)) expect(line).toMatch(LINE)
        } catch (error) {
          if (!(error instanceof SdpError)) throw error
        }
      })
    }),
    {
      numRuns: 3000,
      endOnFailure: true,
      examples: descriptions().map((d): [string] => [d.text]),
    },
  )
})

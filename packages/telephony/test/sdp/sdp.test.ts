import { describe, expect, test } from 'vitest'
import { Negotiation } from '../../src/sdp/negotiation.ts'
import { readDescription, SdpError } from '../../src/sdp/read.ts'
import { descriptions } from '../support/corpus.ts'

describe('a description', () => {
  test.each(descriptions().filter((d) => d.read))('is read: $why', ({ text, read }) => {
    const { address, port, codecs, direction } = readDescription(text)
    const names = codecs.map((c) => `${c.name}/${c.payloadType}`)
    expect({ address, port, codecs: names, direction }).toEqual(read)
  })

  test.each(descriptions().filter((d) => !d.read))('is refused: $why', ({ text }) => {
    expect(() => readDescription(text)).toThrow(SdpError)
  })
})

const OWN = { session: 7, address: '192.0.2.1', port: 4000 }
const OFFER = descriptions().find((d) => d.why.startsWith('Opus'))!.text

test('we offer Opus, A-law, µ-law and the keys of both clocks', () => {
  expect(new Negotiation(OWN).offer().split('\r\n')).toEqual([
    'v=0',
    'o=- 7 7 IN IP4 192.0.2.1',
    's=-',
    'c=IN IP4 192.0.2.1',
    't=0 0',
    'm=audio 4000 RTP/AVP 111 8 0 101 102',
    'a=rtpmap:111 opus/48000/2',
    'a=rtpmap:8 PCMA/8000',
    'a=rtpmap:0 PCMU/8000',
    'a=rtpmap:101 telephone-event/8000',
    'a=fmtp:101 0-15',
    'a=rtpmap:102 telephone-event/48000',
    'a=fmtp:102 0-15',
    'a=ptime:20',
    'a=sendrecv',
    '',
  ])
})

test('an offer is answered with its own numbers and the keys of the codec’s clock', () => {
  const { text, agreed } = new Negotiation(OWN).answer(OFFER)
  expect(text).toContain('m=audio 4000 RTP/AVP 96 98\r\n')
  expect(agreed).toEqual({
    held: false,
    target: { address: '192.0.2.5', port: 4000, codec: 'opus', payloadType: 96, digits: 98 },
  })
})

test('lines that are not taken stand in the answer with port 0, in their place (RFC 3264 §6)', () => {
  const offer = descriptions().find((d) => d.why.startsWith('a picture'))!.text
  const { text, agreed } = new Negotiation(OWN).answer(offer)
  expect(text.match(/^m=.*$/gm)).toEqual(['m=video 0 RTP/AVP 96', 'm=audio 4000 RTP/AVP 8'])
  expect(text).toContain('a=inactive')
  expect(agreed.held).toBe(true)
})

test('each change has the next version; what is refused changes nothing (RFC 3264 §8)', () => {
  const negotiation = new Negotiation(OWN)
  negotiation.answer(OFFER)
  const before = negotiation.offer()
  expect(before).toContain('o=- 7 8 ')
  expect(() => negotiation.answer('v=0')).toThrow(SdpError)
  expect(negotiation.offer()).toBe(before)
  expect(negotiation.answer(OFFER).text).toContain('o=- 7 9 ')
})

import type { IncomingMessage } from 'node:http'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createClientAddress, proxyOf } from '../../src/http/client-address.ts'

const request = (remoteAddress: string, headers: Record<string, string | undefined> = {}) =>
  ({ socket: { remoteAddress }, headers }) as unknown as IncomingMessage
const PROXIES = ['127.0.0.1', '10.0.0.0/8', '2001:db8::/32']

it.each<[string, string | undefined, string]>([
  ['203.0.113.9', '1.2.3.4', '203.0.113.9'],
  ['127.0.0.1', '203.0.113.9', '203.0.113.9'],
  ['::ffff:127.0.0.1', '203.0.113.9', '203.0.113.9'],
  ['127.0.0.1', '1.2.3.4, 203.0.113.9', '203.0.113.9'],
  ['127.0.0.1', '1.2.3.4, 203.0.113.9, 10.1.2.3', '203.0.113.9'],
  ['127.0.0.1', '10.9.9.9, 10.1.2.3', '10.9.9.9'],
  ['2001:db8::7', '2001:dead::1', '2001:dead::1'],
  ['127.0.0.1', undefined, '127.0.0.1'],
  ['127.0.0.1', '1.2.3.4, rubbish', '127.0.0.1'],
  ['127.0.0.1', '1.2.3.4, unknown, 10.1.2.3', '10.1.2.3'],
])('TRUST_PROXY: from %s with X-Forwarded-For "%s" it is %s', (peer, forwarded, client) => {
  const headers = { 'x-forwarded-for': forwarded }
  expect(createClientAddress(PROXIES).address(request(peer, headers))).toBe(client)
  if (peer !== client) expect(createClientAddress([]).address(request(peer, headers))).toBe(peer)
})

it('TRUST_PROXY: nobody but a trusted proxy can choose the address that is counted', () => {
  const claims = fc.array(fc.oneof(fc.ipV4(), fc.ipV6(), fc.string({ maxLength: 20 })))
  fc.assert(
    fc.property(fc.ipV4(), claims, (peer, claimed) => {
      fc.pre(!peer.startsWith('10.') && peer !== '127.0.0.1')
      const headers = { 'x-forwarded-for': claimed.join(', ') }
      const client = createClientAddress(PROXIES)
      expect(client.address(request(peer, headers))).toBe(peer)
      // What the client wrote stands before what the proxy added.
      const via = { 'x-forwarded-for': [...claimed, peer].join(', ') }
      expect(client.address(request('127.0.0.1', via))).toBe(peer)
    }),
    { seed: 20261125, numRuns: 300 },
  )
})

it.each<[string, string | undefined, boolean | null]>([
  ['127.0.0.1', 'https', true],
  ['127.0.0.1', 'https, http', false],
  ['127.0.0.1', undefined, null],
  ['127.0.0.1', 'wss', null],
  ['203.0.113.9', 'https', null],
])('TRUST_PROXY: from %s with X-Forwarded-Proto "%s" TLS is %s', (peer, proto, secure) => {
  const headers = { 'x-forwarded-proto': proto }
  expect(createClientAddress(PROXIES).secure(request(peer, headers))).toBe(secure)
})

it.each(['', 'loopback', '10.0.0.0/33', '::1/129', '10.0.0.0/', '10.0.0.0/-1', '1.2.3'])(
  'TRUST_PROXY: %j is no proxy',
  (text) => {
    expect(proxyOf(text)).toBeNull()
  },
)

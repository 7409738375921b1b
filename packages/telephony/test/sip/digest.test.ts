import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { answerChallenge, digestResponse, readChallenge } from '../../src/sip/digest/challenge.ts'
import { KeyRing } from '../../src/sip/digest/key-ring.ts'
import { Headers } from '../../src/sip/message/headers.ts'
import { request, type SipResponse } from '../../src/sip/message/message.ts'

test.each([
  ['MD5', 'md5', '8ca523f5e9506fed4657c9700eebdbec'],
  ['SHA-256', 'sha256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
] as const)('%s gives the response of the example in RFC 7616 §3.9.1', (_, hash, response) => {
  const sent = {
    method: 'GET',
    uri: '/dir/index.html',
    count: 1,
    cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
  }
  const challenge = {
    realm: 'http-auth@example.org',
    nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v',
    hash,
    qop: true,
  }
  const credentials = { user: 'Mufasa', password: 'Circle of Life' }
  expect(digestResponse(challenge, credentials, sent)).toBe(response)
})

const SENT = { method: 'INVITE', uri: 'sip:a', count: 11, cnonce: 'c' }

test('a challenge is answered with all that it asks for', () => {
  const challenge = readChallenge(
    'Digest realm="a \\"b\\"", nonce="n,=", opaque="o", algorithm=md5, qop="auth-int, auth", stale=true',
  )!
  expect(challenge).toMatchObject({ realm: 'a "b"', nonce: 'n,=', qop: true, stale: true })
  expect(answerChallenge(challenge, { user: 'u"', password: 'p' }, SENT)).toMatch(
    /^Digest username="u\\"", realm="a \\"b\\"", nonce="n,=", uri="sip:a", response="[\da-f]{32}", algorithm=md5, opaque="o", qop=auth, nc=0000000b, cnonce="c"$/,
  )
})

test('a challenge of RFC 2069 is answered without qop', () => {
  const challenge = readChallenge('Digest realm="r", nonce="n"')!
  const text = answerChallenge(challenge, { user: 'u', password: 'p' }, SENT)
  const md5 = (value: string) => createHash('md5').update(value).digest('hex')
  expect(text).toContain(`response="${md5(`${md5('u:r:p')}:n:${md5('INVITE:sip:a')}`)}"`)
  expect(text).not.toMatch(/qop|nc=|algorithm/)
})

test.each([
  'Basic realm="r"',
  'Digest nonce="n"',
  'Digest realm="r"',
  'Digest realm="r", nonce="n", algorithm=CRC32',
  'Digest realm="r", nonce="n", algorithm=__proto__',
  'Digest realm="r", nonce="n", qop="auth-int"',
  'Digest =',
])('a challenge that we cannot answer is none: %s', (text) => {
  expect(readChallenge(text)).toBe(null)
})

const unauthorised = (...challenges: string[]): SipResponse => ({
  status: 401,
  reason: '',
  headers: Headers.of({ 'WWW-Authenticate': challenges }),
  body: Buffer.alloc(0),
})

test('the first algorithm that we have is taken, each use of a nonce is counted (RFC 8760 §2.4)', () => {
  const keys = new KeyRing({ user: 'u', password: 'p' }, () => 'c')
  const common = 'realm="r", qop="auth"'
  const response = unauthorised(
    `Digest ${common}, nonce="1", algorithm=ROT13`,
    `Digest ${common}, nonce="2", algorithm=SHA-256`,
    `Digest ${common}, nonce="3", algorithm=MD5`,
  )
  expect(keys.learn(response, new Set())).toBe(true)
  const signed = () =>
    keys.sign(request('BYE', 'sip:a', new Headers())).headers.get('Authorization')
  expect(signed()).toMatch(/nonce="2".*algorithm=SHA-256.*nc=00000001/)
  expect(signed()).toMatch(/nc=00000002/)
})

test('a proxy and the other side may both challenge', () => {
  const keys = new KeyRing({ user: 'u', password: 'p' }, () => 'c')
  const met = new Set<string>()
  const proxy: SipResponse = {
    ...unauthorised(),
    status: 407,
    headers: Headers.of({ 'Proxy-Authenticate': 'Digest realm="r", nonce="1"' }),
  }
  expect(keys.learn(proxy, met)).toBe(true)
  expect(keys.learn(unauthorised('Digest realm="r", nonce="2"'), met)).toBe(true)
  const { headers } = keys.sign(request('INVITE', 'sip:a', new Headers()))
  expect(headers.get('Proxy-Authorization')).toContain('nonce="1"')
  expect(headers.get('Authorization')).toContain('nonce="2"')
})

test('without a user nothing is answered; a wrong answer is not sent again', () => {
  const response = unauthorised('Digest realm="r", nonce="1"')
  expect(new KeyRing({ user: '', password: '' }, () => '').learn(response, new Set())).toBe(false)
  const keys = new KeyRing({ user: 'u', password: 'p' }, () => '')
  const met = new Set<string>()
  expect(keys.learn(response, met)).toBe(true)
  expect(keys.learn(unauthorised('Digest realm="r", nonce="2"'), met)).toBe(false)
  expect(keys.sign(request('BYE', 'sip:a', new Headers())).headers.size).toBe(0)
})

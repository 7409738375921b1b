import fc from 'fast-check'
import { expect, test } from 'vitest'
import './support/seed.ts'
import { readOffer } from '../src/sdp/offer.ts'
import { writeDescription } from '../src/sdp/write.ts'
import { chromiumPub, chromiumSimulcast, chromiumSub } from './support/fixtures.ts'

const LOCAL = {
  ufrag: 'abcd',
  password: '0123456789012345678901',
  fingerprint: 'sha-256 AA',
  setup: 'active',
} as const

test('a recorded offer of Chromium: one codec per kind with its own numbers, RED and FEC left', () => {
  const { lines, remote } = readOffer(chromiumPub)
  expect(remote.fingerprint).toMatch(/^sha-256 /)
  expect(lines[0]).toMatchObject({
    mid: '0',
    kind: 'audio',
    direction: 'sendonly',
    codecs: [{ name: 'opus', payloadType: 111, rtx: 0 }],
    extensions: { audioLevel: 1, transportCc: 3, mid: 4 },
  })
  expect(lines[1]?.codecs[0]).toMatchObject({ name: 'vp8', payloadType: 96, rtx: 97 })
  expect(lines[1]?.codecs[1]?.name).toBe('h264')
  expect(lines[1]?.rtxSsrc).toBeGreaterThan(0)
})

test('findings §4.3, 2: numeric mids and rids are text', () => {
  const video = readOffer(chromiumSimulcast).lines[1]
  expect(video?.rids).toEqual(['q', '2'])
  expect(video?.mid).toBe('1')
  expect(video?.extensions).toMatchObject({ rid: 10, repairedRid: 11 })
})

test('H.264 is taken when the offer has no VP8, with packetization-mode 1 only', () => {
  const without = chromiumSub.replace(/a=rtpmap:\d+ VP8.*\r\n/, '')
  const [codec, ...others] = readOffer(without).lines[1]?.codecs ?? []
  expect(codec?.name).toBe('h264')
  expect(codec?.fmtp).toContain('packetization-mode=1')
  expect(others).toEqual([])
})

test.each([
  ['nothing', ''],
  ['no m-line', 'v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n'],
  ['no fingerprint', chromiumPub.replace(/a=fingerprint.*\r\n/g, '')],
  ['a bad fingerprint', chromiumPub.replace(/sha-256 .*/g, 'sha-256 zz')],
  ['a bad ufrag', chromiumPub.replace(/a=ice-ufrag:.*/g, 'a=ice-ufrag:a b\\u0000c')],
  ['a short password', chromiumPub.replace(/a=ice-pwd:.*/g, 'a=ice-pwd:short')],
  ['equal mids', chromiumPub.replace('a=mid:1', 'a=mid:0')],
  ['a data channel', chromiumPub.replace('m=video', 'm=application')],
  ['too much', chromiumPub + 'a=x\r\n'.repeat(60_000)],
])('an offer with %s is refused with a sentence', (_name, sdp) => {
  expect(() => readOffer(sdp)).toThrow(
    expect.objectContaining({ name: 'EngineError', code: 'sdp' }),
  )
})

test('whatever is offered, the reader answers with an offer or an EngineError', () => {
  const lines = chromiumSimulcast.split('\r\n')
  fc.assert(
    fc.property(
      fc.nat(lines.length - 1),
      fc.string({ maxLength: 60 }),
      fc.constantFrom('a=', 'm=', ''),
      (at, text, head) => {
        const sdp = lines.with(at, head + text).join('\r\n')
        try {
          expect(readOffer(sdp).lines.length).toBeGreaterThan(0)
        } catch (error) {
          expect(error).toMatchObject({ name: 'EngineError' })
        }
      },
    ),
  )
})

test('our description: one codec and its RTX, feedback, no RED, no extmap-allow-mixed, own candidates', () => {
  const { lines } = readOffer(chromiumPub)
  const sdp = writeDescription({
    type: 'answer',
    version: 3,
    local: LOCAL,
    candidates: ['candidate:1 1 udp 1 192.0.2.1 4000 typ host'],
    lines: lines.map((l) => ({
      mid: l.mid,
      kind: l.kind,
      codec: l.codecs[0] ?? null,
      extensions: l.extensions,
      direction: 'recvonly',
    })),
  })
  expect(sdp.match(/^m=.*/gm)).toEqual([
    'm=audio 9 UDP/TLS/RTP/SAVPF 111',
    'm=video 9 UDP/TLS/RTP/SAVPF 96 97',
  ])
  for (const feedback of ['transport-cc', 'ccm fir', 'nack', 'nack pli'])
    expect(sdp).toContain(`a=rtcp-fb:96 ${feedback}\r\n`)
  expect(sdp).toContain('x-google-start-bitrate')
  expect(sdp).not.toMatch(/red\/|ulpfec|extmap-allow-mixed/i)
  expect(sdp.match(/a=candidate:1 1 udp 1 192\.0\.2\.1 4000 typ host/g)).toHaveLength(2)
  expect(sdp).toContain('a=setup:active')
})

test('a rejected line keeps its place and stays out of the bundle', () => {
  const { lines } = readOffer(chromiumPub.replace('m=audio 9', 'm=audio 0'))
  expect(lines[0]?.rejected).toBe(true)
  const sdp = writeDescription({
    type: 'answer',
    version: 1,
    local: LOCAL,
    candidates: [],
    lines: lines.map((l) => ({
      ...l,
      codec: l.rejected ? null : (l.codecs[0] ?? null),
      direction: 'inactive',
    })),
  })
  expect(sdp).toContain('m=audio 0 ')
  expect(sdp).toContain('a=group:BUNDLE 1\r\n')
})

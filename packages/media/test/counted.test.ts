import { expect, test } from 'vitest'
import { countedFactory } from '../src/transport/counted.ts'
import { FakeFactory, type FakeTransport } from './support/fake-transport.ts'
import { rtp } from './support/packets.ts'

const REMOTE = { ufrag: 'abcd', password: 'x'.repeat(24), fingerprint: 'sha-256 0F:0F' }

const transport = () => {
  const inner = new FakeFactory()
  const { factory, figures } = countedFactory(inner)
  const outer = factory.create(REMOTE)
  const page = inner.made[0] as FakeTransport
  page.enter('connected')
  return { outer, page, figures }
}

test('packets and bytes are counted both ways and passed on; RTCP is not media', () => {
  const { outer, page, figures } = transport()
  const got: Buffer[] = []
  outer.onPacket = (p) => got.push(p)
  const packet = rtp({ seq: 7 })
  page.onPacket(packet)
  page.onPacket(Buffer.from('81cd00030000000100000002000a0001', 'hex'))
  expect(outer.send(packet)).toBe(true)
  expect(outer.send(Buffer.from('80c9000100000001', 'hex'))).toBe(true)
  expect(got).toHaveLength(2)
  expect(page.sent).toHaveLength(2)
  const size = packet.length
  expect(figures()).toEqual({
    packetsIn: 1,
    bytesIn: size,
    lostIn: 0,
    packetsOut: 1,
    bytesOut: size,
    missedOut: 2,
    connected: 1,
  })
})

test('RFC 3550 A.3: what is passed over is lost until it comes after all, over the wrap-around', () => {
  const { page, figures } = transport()
  for (const seq of [65_533, 65_534, 2, 3]) page.onPacket(rtp({ seq }))
  expect(figures().lostIn).toBe(3)
  page.onPacket(rtp({ seq: 0 }))
  expect(figures().lostIn).toBe(2)
  page.onPacket(rtp({ seq: 30_000 }))
  page.onPacket(rtp({ seq: 30_001 }))
  expect(figures().lostIn).toBe(2)
})

test('a closed transport counts as connected no more, and once', () => {
  const { outer, page, figures } = transport()
  page.enter('closed')
  outer.close()
  outer.close()
  expect(figures().connected).toBe(0)
  expect(outer.state).toBe('closed')
})

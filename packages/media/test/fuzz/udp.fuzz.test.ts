import { createHmac, randomBytes } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { corpus } from '../support/corpus.ts'
import { nativePair } from '../support/native-pair.ts'
import { rtp } from '../support/packets.ts'
import { type RealEngine, startRealEngine } from '../support/real-engine.ts'
import { until } from '../support/wait.ts'

const SEED = 20261125
const ROUNDS = 4000
let real: RealEngine
let pair: Awaited<ReturnType<typeof nativePair>>

beforeAll(async () => {
  real = await startRealEngine()
  pair = await nativePair(real.engine, real.port)
}, 60_000)
afterAll(async () => {
  pair?.close()
  await real?.close()
})

/** STUN attribute (RFC 8489 §14), padded; `length` may lie. */
const attribute = (type: number, value: Buffer, length = value.length) => {
  const b = Buffer.alloc(4 + Math.ceil(value.length / 4) * 4)
  b.writeUInt16BE(type, 0)
  b.writeUInt16BE(length & 0xffff, 2)
  value.copy(b, 4)
  return b
}

/** A STUN message; signed and fingerprinted like a real check where `key` is given. */
const stun = (type: number, attributes: Buffer[], key?: string, length?: number) => {
  const body = Buffer.concat(attributes)
  const head = Buffer.concat([Buffer.alloc(4), Buffer.from('2112a442', 'hex'), randomBytes(12)])
  head.writeUInt16BE(type & 0x3fff, 0)
  head.writeUInt16BE((length ?? body.length) & 0xffff, 2)
  let message = Buffer.concat([head, body])
  if (key === undefined) return message
  message.writeUInt16BE(body.length + 24, 2)
  const mac = createHmac('sha1', key).update(message).digest()
  message = Buffer.concat([message, attribute(0x0008, mac)])
  message.writeUInt16BE(body.length + 32, 2)
  const print = Buffer.alloc(4)
  print.writeUInt32BE((crc32(message) ^ 0x5354554e) >>> 0)
  return Buffer.concat([message, attribute(0x8028, print)])
}

const bytes = (max: number) => fc.uint8Array({ maxLength: max }).map((b) => Buffer.from(b))
const u16 = fc.integer({ min: 0, max: 0xffff })

const stunMessage = fc
  .tuple(
    fc.oneof(fc.constantFrom(0x0001, 0x0101, 0x0111, 0x0011, 0x0003), u16),
    fc.array(
      fc
        .tuple(
          fc.oneof(fc.constantFrom(6, 8, 9, 0x20, 0x24, 0x25, 0x802a, 0x8028), u16),
          bytes(40),
          fc.option(u16),
        )
        .map(([type, value, lie]) => attribute(type, value, lie ?? undefined)),
      { maxLength: 6 },
    ),
    fc.option(fc.string({ maxLength: 30 })),
    fc.option(u16),
  )
  .map(([type, attributes, key, length]) =>
    stun(type, attributes, key ?? undefined, length ?? undefined),
  )

/** A DTLS record (RFC 6347 §4.1) with any content; lengths may lie. */
const dtls = fc
  .tuple(
    fc.integer({ min: 20, max: 63 }),
    fc.constantFrom(0xfeff, 0xfefd, 0x0303),
    u16,
    fc.option(u16),
    bytes(300),
  )
  .map(([type, version, epoch, lie, content]) => {
    const head = Buffer.alloc(13)
    head[0] = type
    head.writeUInt16BE(version, 1)
    head.writeUInt16BE(epoch & 3, 3)
    head.writeUInt16BE(lie ?? content.length, 11)
    return Buffer.concat([head, content])
  })

/** The start of a handshake: type, length, sequence, fragment offset and length, all of them any. */
const handshake = fc
  .tuple(fc.integer({ min: 0, max: 25 }), bytes(12), bytes(200))
  .map(([type, numbers, body]) => {
    const content = Buffer.concat([Buffer.from([type]), numbers, body])
    const head = Buffer.from([
      22,
      0xfe,
      0xfd,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      0,
      content.length >> 8,
      content.length & 255,
    ])
    return Buffer.concat([head, content])
  })

const media = fc.oneof(
  fc
    .record({
      seq: u16,
      ssrc: fc.constantFrom(4242, 1, 0xffffffff),
      pt: fc.integer({ min: 0, max: 127 }),
      payload: bytes(200),
    })
    .map(rtp),
  fc
    .tuple(fc.integer({ min: 128, max: 191 }), fc.integer({ min: 192, max: 223 }), u16, bytes(200))
    .map(([first, type, length, body]) =>
      Buffer.concat([Buffer.from([first, type, length >> 8, length & 255]), body]),
    ),
)
const packet = fc.oneof(stunMessage, dtls, handshake, media, bytes(1500))

/** Sends from several ports, so that the engine meets more than one sender. */
const spray = async (packets: readonly Buffer[]) => {
  const sockets = Array.from({ length: 8 }, () => createSocket('udp4'))
  for (const s of sockets) s.on('error', () => {})
  for (const [i, p] of packets.entries()) {
    await new Promise((resolve) => sockets[i % 8]?.send(p, real.port, '127.0.0.1', resolve))
    if (i % 100 === 99) await new Promise((resolve) => setTimeout(resolve, 5))
  }
  for (const s of sockets) s.close()
}

/** The pair goes on: what is sent arrives, and nobody was told of a loss. */
const undisturbed = async () => {
  const before = pair.pictures()
  await until(() => pair.pictures() > before + 20)
  expect(real.crashes).toEqual([])
}

/** Each begins with its corpus. */
const ARRIVALS: [string, fc.Arbitrary<Buffer>, Buffer[]][] = [
  ['STUN', stunMessage, corpus('stun')],
  ['DTLS records', dtls, corpus('dtls')],
  ['DTLS handshakes', handshake, corpus('dtls')],
  ['RTP and RTCP from strangers', media, [...corpus('rtp'), ...corpus('rtcp')]],
  ['anything at all', packet, []],
]
test.each(ARRIVALS)('%s at the media port disturb no member', async (_, arbitrary, first) => {
  const lost: unknown[] = []
  const off = real.engine.on('lost', (l) => lost.push(l))
  await spray([...first, ...fc.sample(arbitrary, { seed: SEED, numRuns: ROUNDS })])
  await undisturbed()
  off()
  expect(lost).toEqual([])
})

test('checks for a user that is not there leave no memory behind', async () => {
  const strangers = () =>
    Array.from({ length: 5000 }, (_, i) =>
      stun(
        1,
        [attribute(6, Buffer.from(`u${i}:x${i}`)), attribute(0x24, Buffer.alloc(4))],
        'no key',
      ),
    )
  await spray(strangers())
  const before = await real.memory()
  for (let i = 0; i < 4; i++) await spray(strangers())
  expect((await real.memory()) - before).toBeLessThan(40 * 1024 * 1024)
  await undisturbed()
}, 60_000)

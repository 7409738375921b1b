import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isFromWorker, isToWorker } from '../src/process/messages.ts'
import { rtp } from './support/packets.ts'
import { fakeEngine, page, rtpOf } from './support/page.ts'
import './support/seed.ts'

/** Anything a page that knows its keys can send. */
const bytes = fc.uint8Array({ maxLength: 1500 }).map((raw) => Buffer.from(raw))
const rtpLike = fc
  .record({
    pt: fc.constantFrom(96, 97, 111, 0, 127),
    seq: fc.nat(0xffff),
    timestamp: fc.nat(0xffff_ffff),
    ssrc: fc.nat(0xffff_ffff),
    payload: bytes,
    ext: fc.dictionary(
      fc.integer({ min: 1, max: 14 }).map(String),
      fc.uint8Array({ minLength: 1, maxLength: 16 }).map((raw) => Buffer.from(raw)),
      { maxKeys: 6 },
    ),
  })
  .map((fields) => rtp(fields))
const rtcpLike = fc
  .tuple(fc.constantFrom(200, 201, 205, 206), fc.nat(31), fc.array(bytes, { maxLength: 3 }))
  .map(([type, format, parts]) => {
    const body = Buffer.concat(parts)
    const whole = body.subarray(0, body.length & ~3)
    const head = Buffer.from([0x80 | format, type, 0, 0])
    head.writeUInt16BE(whole.length / 4, 2)
    return Buffer.concat([head, whole])
  })
const packet = fc.oneof(bytes, rtpLike, rtcpLike)

test('whatever packets a page sends, the engine neither throws nor stops serving others', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(packet, { maxLength: 60 }), async (packets) => {
      const e = fakeEngine()
      const [a, b, bad] = [page(e, 'a'), page(e, 'b'), page(e, 'bad')]
      for (const p of [a, bad]) await p.publish()
      for (const p of [b, bad]) await p.receive()
      await b.watch('a')
      await b.answerAll()
      await bad.answerAll()
      for (const raw of packets) {
        bad.pub.onPacket(Buffer.from(raw))
        bad.sub.onPacket(Buffer.from(raw))
        e.advance(20)
      }
      a.sendVideo(true)
      expect(rtpOf(b.sub, 96)).toHaveLength(1)
      // Answers are bounded: nobody makes the engine send more than a few packets for one of its own.
      expect(bad.pub.sent.length + bad.sub.sent.length).toBeLessThan(200 + packets.length * 20)
      await e.engine.close()
    }),
    { numRuns: 150 },
  )
})

test('whatever crosses to or from a process, reading it never throws', () => {
  fc.assert(
    fc.property(fc.anything(), (message) => {
      for (const check of [isToWorker, isFromWorker]) expect(typeof check(message)).toBe('boolean')
    }),
    { numRuns: 2000 },
  )
})

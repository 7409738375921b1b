import { expect, test } from 'vitest'
import { writeNack, writePli, writeSenderReport } from '../src/rtp/rtcp-write.ts'
import { readTransportFeedback } from '../src/rtp/transport-cc.ts'
import { chromiumPub } from './support/fixtures.ts'
import { fakeEngine, page, rtcpOf, rtpOf } from './support/page.ts'

const MIC_SSRC = Number(/a=ssrc:(\d+)/.exec(chromiumPub)?.[1])
const CAM_SSRC = Number(/a=ssrc-group:FID (\d+)/.exec(chromiumPub)?.[1])

const watching = async () => {
  const e = fakeEngine()
  const a = page(e, 'a')
  const b = page(e, 'b')
  await a.publish()
  await b.receive()
  await b.watch('a')
  await b.answerAll()
  e.advance(20)
  return { e, a, b }
}

test('video begins with a key frame; what came before is not sent', async () => {
  const { e, a, b } = await watching()
  a.sendVideo(false)
  expect(rtpOf(b.sub, 96)).toEqual([])
  a.sendVideo(true)
  a.sendVideo(false)
  const sent = rtpOf(b.sub, 96)
  expect(sent).toHaveLength(2)
  expect(sent[0]?.ssrc).not.toBe(CAM_SSRC)
  expect(e.offers.at(-1)?.sdp).toContain(`a=ssrc:${sent[0]?.ssrc} msid:`)
  await e.engine.close()
})

/** A viewer whose page has not answered yet: its connection is still being made. */
const joining = async () => {
  const e = fakeEngine()
  const a = page(e, 'a')
  const b = page(e, 'b')
  await a.publish()
  a.sendVideo(true)
  e.advance(400)
  await b.receive()
  await b.watch('a')
  return { e, a, b }
}

test('a key frame is asked for while the connection is made, and the picture begins with it', async () => {
  const { e, a, b } = await joining()
  expect(rtcpOf(a.pub, 206, 1)).toHaveLength(1)
  a.sendVideo(true, {}, 2)
  a.sendVideo(false, {}, 3)
  e.advance(100)
  a.sendVideo(false, {}, 4)
  expect(rtpOf(b.sub, 96)).toEqual([])
  await b.answerAll()
  const seqs = rtpOf(b.sub, 96).map(({ seq }) => seq)
  expect(seqs.map((n) => n - (seqs[0] ?? 0))).toEqual([0, 1, 2])
  a.sendVideo(false, {}, 5)
  expect(rtpOf(b.sub, 96)).toHaveLength(4)
  e.advance(400)
  expect(rtcpOf(a.pub, 206, 1)).toHaveLength(1)
  await e.engine.close()
})

test('a key frame older than the page needs for another one is not begun with', async () => {
  const { e, a, b } = await joining()
  a.sendVideo(true, {}, 2)
  e.advance(310)
  a.sendVideo(false, {}, 3)
  await b.answerAll()
  expect(rtpOf(b.sub, 96)).toEqual([])
  expect(rtcpOf(a.pub, 206, 1)).toHaveLength(2)
  a.sendVideo(true, {}, 4)
  expect(rtpOf(b.sub, 96)).toHaveLength(1)
  await e.engine.close()
})

test('findings §4.3, 10: the first key-frame request goes at once, then one per 310 ms until it came', async () => {
  const { e, a } = await watching()
  a.sendVideo(false)
  e.advance(20)
  expect(rtcpOf(a.pub, 206, 1)).toHaveLength(1)
  for (let i = 0; i < 25; i++) {
    e.advance(20)
    a.sendVideo(false)
  }
  expect(rtcpOf(a.pub, 206, 1)).toHaveLength(2)
  a.sendVideo(true)
  for (let i = 0; i < 50; i++) e.advance(20)
  expect(rtcpOf(a.pub, 206, 1)).toHaveLength(2)
  await e.engine.close()
})

test('a receiver asks for a key frame: the publisher is asked', async () => {
  const { e, a, b } = await watching()
  a.sendVideo(true)
  e.advance(300)
  const before = rtcpOf(a.pub, 206, 1).length
  b.sub.onPacket(writePli(9, rtpOf(b.sub, 96)[0]?.ssrc ?? 0))
  e.advance(20)
  expect(rtcpOf(a.pub, 206, 1)).toHaveLength(before + 1)
  await e.engine.close()
})

test('RFC 4588 §4: a missing packet is resent in the repair stream, and only a budget of them', async () => {
  const { e, a, b } = await watching()
  a.sendVideo(true)
  for (let i = 0; i < 100; i++) a.sendVideo(false, {}, i + 2)
  const sent = rtpOf(b.sub, 96)
  const third = sent[2]
  b.sub.onPacket(writeNack(9, third?.ssrc ?? 0, [third?.seq ?? 0]))
  const [repair] = rtpOf(b.sub, 97)
  expect(repair?.bytes.readUInt16BE(24)).toBe(third?.seq)
  expect(repair?.bytes.subarray(26)).toEqual(third?.bytes.subarray(24))
  expect(e.offers.at(-1)?.sdp).toContain(`a=ssrc-group:FID ${third?.ssrc} ${repair?.ssrc}`)
  for (const s of sent) b.sub.onPacket(writeNack(9, s.ssrc, [s.seq]))
  expect(rtpOf(b.sub, 97)).toHaveLength(60)
  e.advance(1500)
  const late = sent.at(-1)
  b.sub.onPacket(writeNack(9, late?.ssrc ?? 0, [late?.seq ?? 0]))
  expect(rtpOf(b.sub, 97)).toHaveLength(60)
  await e.engine.close()
})

test('a gap of the publisher is asked for at once, kept as a gap, and filled by its repair stream', async () => {
  const { e, a, b } = await watching()
  const rtxSsrc = Number(/a=ssrc-group:FID \d+ (\d+)/.exec(chromiumPub)?.[1])
  a.sendVideo(true, { seq: 0xfffe })
  a.sendVideo(false, { seq: 1 })
  const [nack] = rtcpOf(a.pub, 205, 1)
  expect(nack?.readUInt32BE(8)).toBe(CAM_SSRC)
  expect(nack?.readUInt32BE(12)).toBe(0xffff0001)
  const [first, second] = rtpOf(b.sub, 96)
  expect(((second?.seq ?? 0) - (first?.seq ?? 0)) & 0xffff).toBe(3)
  const { rtp, vp8 } = await import('./support/packets.ts')
  const osn = Buffer.from([0xff, 0xff])
  const payload = Buffer.concat([osn, vp8({ key: false, picture: 2, tl0: 2 })])
  a.pub.onPacket(rtp({ pt: 97, ssrc: rtxSsrc, seq: 7, payload }))
  expect(rtpOf(b.sub, 96).at(-1)?.seq).toBe(((first?.seq ?? 0) + 1) & 0xffff)
  a.pub.onPacket(rtp({ pt: 97, ssrc: rtxSsrc, seq: 8, payload }))
  expect(rtpOf(b.sub, 96)).toHaveLength(3)
  await e.engine.close()
})

test('findings §3.2: arrivals are reported every 50 ms under a media SSRC of the sender', async () => {
  const { e, a } = await watching()
  for (let i = 0; i < 5; i++) {
    a.sendAudio({ ext: { 3: Buffer.from([0, i + 10]) } })
    e.time.now += 5
  }
  e.advance(50)
  const [feedback] = rtcpOf(a.pub, 205, 15)
  expect(feedback?.readUInt32BE(8)).toBe(MIC_SSRC)
  const seen: number[] = []
  const b = feedback as Buffer
  expect(readTransportFeedback(b, 0, b.length, (seq, us) => us !== null && seen.push(seq))).toBe(
    true,
  )
  expect(seen).toEqual([10, 11, 12, 13, 14])
  await e.engine.close()
})

test('a receiver report goes once a second', async () => {
  const { e, a } = await watching()
  a.sendAudio()
  const before = rtcpOf(a.pub, 201).length
  for (let i = 0; i < 150; i++) e.advance(20)
  expect(rtcpOf(a.pub, 201).length - before).toBe(3)
  await e.engine.close()
})

test("findings §4.3, 6: the publisher's clock reaches the receiver with its own timestamps", async () => {
  const { e, a, b } = await watching()
  a.sendAudio({ timestamp: 4000 })
  const report = { ssrc: MIC_SSRC, ntpHigh: 10, ntpLow: 20, rtpTime: 4000, packets: 9, octets: 9 }
  a.pub.onPacket(writeSenderReport(report))
  const [sr] = rtcpOf(b.sub, 200)
  const [sound] = rtpOf(b.sub, 111)
  expect(sr?.readUInt32BE(4)).toBe(sound?.ssrc)
  expect([sr?.readUInt32BE(8), sr?.readUInt32BE(12)]).toEqual([10, 20])
  expect(sr?.readUInt32BE(16)).toBe(sound?.timestamp)
  expect(sr?.readUInt32BE(20)).toBe(1)
  await e.engine.close()
})

test('RFC 6464: the audio level is handed on, mid and rid are not', async () => {
  const { e, a, b } = await watching()
  a.sendAudio({ ext: { 1: Buffer.from([0x85]), 4: '0', 3: Buffer.from([0, 1]) } })
  const b0 = rtpOf(b.sub, 111)[0]?.bytes as Buffer
  expect(b0.subarray(12, 24).toString('hex')).toBe('bede000210850000' + '31000000')
  await e.engine.close()
})

test('transport-wide numbers are one sequence over all streams of a subscriber', async () => {
  const { e, a, b } = await watching()
  a.sendVideo(true)
  a.sendAudio()
  a.sendVideo(false)
  expect(b.sub.sent.filter((p) => p[0] === 0x90).map((p) => p.readUInt16BE(21))).toEqual([0, 1, 2])
  await e.engine.close()
})

test('unknown SSRCs and payload types are dropped quietly', async () => {
  const { e, a, b } = await watching()
  const { rtp } = await import('./support/packets.ts')
  a.pub.onPacket(rtp({ ssrc: 77, pt: 111 }))
  a.pub.onPacket(rtp({ ssrc: MIC_SSRC, pt: 63 }))
  for (let ssrc = 100; ssrc < 1500; ssrc++) a.pub.onPacket(rtp({ ssrc, ext: { 4: 'zz' } }))
  a.sendAudio({ ext: { 4: '0' } })
  expect(rtpOf(b.sub, 111)).toHaveLength(1)
  await e.engine.close()
})

import { CoreEngine } from '../../src/core-engine.ts'
import type { EngineEvents, SentTrack } from '../../src/engine.ts'
import { FakeFactory, type FakeTransport } from './fake-transport.ts'
import { chromiumPub, chromiumSub } from './fixtures.ts'
import { type RtpFields, rtp, vp8 } from './packets.ts'

export const MIC: SentTrack = { mid: '0', track: 'mic', kind: 'audio' }
export const CAM: SentTrack = { mid: '1', track: 'cam', kind: 'video' }

const MIC_SSRC = Number(/a=ssrc:(\d+)/.exec(chromiumPub)?.[1])
const CAM_SSRC = Number(/a=ssrc-group:FID (\d+)/.exec(chromiumPub)?.[1])

/** An engine on fake transports and a clock that the test moves. */
export const fakeEngine = () => {
  const factory = new FakeFactory()
  const time = { now: 1000 }
  const engine = new CoreEngine(factory, {}, () => time.now)
  const offers: EngineEvents['offer'][] = []
  const lost: EngineEvents['lost'][] = []
  engine.on('offer', (o) => offers.push(o))
  engine.on('lost', (l) => lost.push(l))
  const advance = (ms: number) => {
    time.now += ms
    engine.tick()
  }
  return { engine, factory, offers, lost, time, advance }
}
export type FakeEngine = ReturnType<typeof fakeEngine>

/** Everything that is done on `setImmediate` has been done. */
export const settled = () => new Promise<void>((resolve) => setImmediate(resolve))

/** A page of Chromium in room `r`: publishes, receives, answers. */
export const page = (e: FakeEngine, peer: string) => {
  let pub: FakeTransport | undefined
  let sub: FakeTransport | undefined
  const at = { room: 'r', peer }
  const seqs = new Map<number, number>()
  const made = () => e.factory.made.at(-1) as FakeTransport
  const send = (ssrc: number, f: RtpFields) => {
    const seq = f.seq ?? (seqs.get(ssrc) ?? 99) + 1
    seqs.set(ssrc, seq)
    pub?.onPacket(rtp({ ...f, seq, ssrc }))
  }
  return {
    async publish(tracks: readonly SentTrack[] = [MIC, CAM], offer = chromiumPub) {
      const before = e.factory.made.length
      const { answer } = await e.engine.publish({ ...at, offer, tracks })
      if (e.factory.made.length > before) {
        pub = made()
        pub.enter('connected')
      }
      return answer
    },
    async receive(offer = chromiumSub) {
      const before = e.factory.made.length
      const { answer } = await e.engine.receive({ ...at, offer })
      if (e.factory.made.length > before) {
        sub = made()
        sub.enter('connected')
      }
      await settled()
      return answer
    },
    watch: (from: string, height = 180, track = 'cam') =>
      e.engine.watch({ ...at, wishes: [{ from, track, height }] }),
    unwatch: () => e.engine.watch({ ...at, wishes: [] }),
    /** Answers everything that is offered, until nothing more comes; the last offer. */
    async answerAll() {
      let last: EngineEvents['offer'] | undefined
      for (;;) {
        const offer = e.offers.filter((o) => o.peer === peer).at(-1)
        if (!offer || offer === last) return last
        last = offer
        await e.engine.answer({ ...at, sdp: chromiumSub, version: offer.version })
      }
    },
    offered: () => e.offers.filter((o) => o.peer === peer),
    sendAudio: (f: RtpFields = {}) => send(MIC_SSRC, { pt: 111, ...f }),
    sendVideo: (key: boolean, f: RtpFields = {}, picture = 1) =>
      send(CAM_SSRC, { pt: 96, payload: vp8({ key, picture, tl0: picture }), ...f }),
    get pub() {
      return pub as FakeTransport
    },
    get sub() {
      return sub as FakeTransport
    },
  }
}
export type FakePage = ReturnType<typeof page>

/** RTP packets of a payload type, parsed a little. */
export const rtpOf = (t: FakeTransport, pt: number) =>
  t.sent
    .filter((b) => ((b[1] as number) & 0x7f) === pt)
    .map((b) => ({
      seq: b.readUInt16BE(2),
      timestamp: b.readUInt32BE(4),
      ssrc: b.readUInt32BE(8),
      bytes: b,
    }))

export const rtcpOf = (t: FakeTransport, type: number, format?: number) =>
  t.sent.filter(
    (b) => b[1] === type && (format === undefined || ((b[0] as number) & 0x1f) === format),
  )

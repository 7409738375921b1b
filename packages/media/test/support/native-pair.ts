import type { MediaEngine } from '../../src/index.ts'
import { nativePage } from './native-page.ts'
import { rtp, vp8 } from './packets.ts'
import { until } from './wait.ts'

type Page = Awaited<ReturnType<typeof nativePage>>
type Parameters = Page['parameters']

const line = (kind: string, mid: string, direction: string, p: Parameters, more: string[]) => [
  `m=${kind} 9 UDP/TLS/RTP/SAVPF 96`,
  'c=IN IP4 0.0.0.0',
  `a=ice-ufrag:${p.ufrag}`,
  `a=ice-pwd:${p.password}`,
  `a=fingerprint:${p.fingerprint}`,
  'a=setup:actpass',
  `a=mid:${mid}`,
  `a=${direction}`,
  'a=rtcp-mux',
  ...more,
]
const describe = (...lines: string[][]) =>
  `${['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 't=0 0', ...lines.flat()].join('\r\n')}\r\n`

export const pubOffer = (p: Parameters, ssrc: number) =>
  describe(line('video', '0', 'sendonly', p, ['a=rtpmap:96 VP8/90000', `a=ssrc:${ssrc} cname:x`]))
export const subOffer = (p: Parameters) =>
  describe(
    line('audio', '0', 'recvonly', p, ['a=rtpmap:96 opus/48000/2']),
    line('video', '1', 'recvonly', p, ['a=rtpmap:96 VP8/90000']),
  )

const localOf = (sdp: string) => {
  const value = (name: string) => new RegExp(`a=${name}:(.*)`).exec(sdp)?.[1]?.trim() ?? ''
  return {
    ufrag: value('ice-ufrag'),
    password: value('ice-pwd'),
    fingerprint: value('fingerprint'),
    setup: value('setup') as 'active' | 'passive',
  }
}

const SSRC = 4242

/** The page may lose the library's race between answer and first check (findings §4.2): once more. */
const connected = async (port: number, negotiate: (p: Parameters) => Promise<string>) => {
  for (let attempt = 0; ; attempt++) {
    const page = await nativePage()
    try {
      const local = localOf(await negotiate(page.parameters))
      page.answer(local, `candidate:1 1 udp 2130706431 127.0.0.1 ${port} typ host`)
      await until(() => page.track.isOpen(), 5000)
      return page
    } catch (error) {
      page.close()
      if (attempt > 2) throw error
    }
  }
}

/** Two members over real UDP: `a` sends a camera, `b` watches it. */
export const nativePair = async (engine: MediaEngine, port: number, room = 'pair') => {
  let subSdp = ''
  const off = engine.on('offer', (o) => {
    if (o.room === room) void engine.answer({ room, peer: o.peer, version: o.version, sdp: subSdp })
  })
  const a = await connected(port, async (p) => {
    const tracks = [{ mid: '0', track: 'cam', kind: 'video' }] as const
    return (await engine.publish({ room, peer: 'a', offer: pubOffer(p, SSRC), tracks })).answer
  })
  const b = await connected(port, async (p) => {
    subSdp = subOffer(p)
    return (await engine.receive({ room, peer: 'b', offer: subSdp })).answer
  })
  await engine.watch({ room, peer: 'b', wishes: [{ from: 'a', track: 'cam', height: 180 }] })
  let seq = 0
  const timer = setInterval(() => {
    seq += 1
    const payload = vp8({ key: seq % 50 === 1, picture: seq, tl0: seq & 255 })
    const packet = rtp({ ssrc: SSRC, seq, timestamp: seq * 3000, marker: true, payload })
    a.track.sendMessageBinary(packet)
  }, 10)
  const pictures = () => b.received.filter((packet) => ((packet[1] as number) & 0x7f) === 96).length
  await until(() => pictures() > 5)
  return {
    /** RTP packets that b has got. */
    pictures,
    sent: () => seq,
    close() {
      clearInterval(timer)
      off()
      a.close()
      b.close()
    },
  }
}

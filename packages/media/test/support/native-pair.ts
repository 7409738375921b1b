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

const LEVEL_ID = 1
const LEVEL = `a=extmap:${LEVEL_ID} urn:ietf:params:rtp-hdrext:ssrc-audio-level`

/** A member over real UDP that only speaks: payloads of any bytes at any level. */
export const nativeTalker = async (
  engine: MediaEngine,
  port: number,
  at: { room: string; peer: string },
) => {
  const ssrc = 5000 + at.peer.charCodeAt(0)
  const page = await connected(port, async (p) => {
    const rtpmap = 'a=rtpmap:96 opus/48000/2'
    const offer = describe(
      line('audio', '0', 'sendonly', p, [rtpmap, LEVEL, `a=ssrc:${ssrc} cname:x`]),
    )
    const tracks = [{ mid: '0', track: 'mic', kind: 'audio' }] as const
    return (await engine.publish({ ...at, offer, tracks })).answer
  })
  let seq = 0
  return {
    say(text: string, level: number) {
      seq += 1
      const ext = { [LEVEL_ID]: Buffer.from([0x80 | level]) }
      const payload = Buffer.from(text)
      page.track.sendMessageBinary(rtp({ ssrc, seq, timestamp: seq * 960, ext, payload }))
    },
    close: () => page.close(),
  }
}

/** A member over real UDP that only hears. */
export const nativeHearer = async (
  engine: MediaEngine,
  port: number,
  at: { room: string; peer: string },
) => {
  let sdp = ''
  const tracks: string[] = []
  const off = engine.on('offer', (o) => {
    if (o.room !== at.room || o.peer !== at.peer) return
    tracks.splice(0, tracks.length, ...o.tracks.map((t) => `${t.from}/${t.track}`))
    void engine.answer({ ...at, version: o.version, sdp })
  })
  const page = await connected(port, async (p) => {
    sdp = describe(
      line('audio', '0', 'recvonly', p, ['a=rtpmap:96 opus/48000/2', LEVEL]),
      line('video', '1', 'recvonly', p, ['a=rtpmap:96 VP8/90000']),
    )
    return (await engine.receive({ ...at, offer: sdp })).answer
  })
  return {
    tracks,
    /** What came: payload behind the 24 bytes of the engine's layout, and its level. */
    heard: () =>
      page.received
        .filter((b) => b.length > 24 && ((b[1] as number) & 0x7f) === 96)
        .map((b) => ({
          text: b.toString('latin1', 24),
          level: b[16] === LEVEL_ID << 4 ? (b[17] as number) & 0x7f : null,
          timestamp: b.readUInt32BE(4),
        })),
    close() {
      off()
      page.close()
    },
  }
}

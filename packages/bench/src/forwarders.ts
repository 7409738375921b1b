import { createCoreEngine, type MediaEngine } from '@yuntang/media'
import native, { type PeerConnection, type Track } from 'node-datachannel'
import type { IceParameters, LocalParameters } from './load.ts'

const media = (kind: string, mid: string, direction: string, p: IceParameters, more: string[]) =>
  [
    `m=${kind} 9 UDP/TLS/RTP/SAVPF 96`,
    'c=IN IP4 0.0.0.0',
    `a=ice-ufrag:${p.ufrag}`,
    `a=ice-pwd:${p.password}`,
    `a=fingerprint:${p.fingerprint}`,
    'a=setup:actpass',
    `a=mid:${mid}`,
    'a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
    `a=${direction}`,
    'a=rtcp-mux',
    ...more,
  ].join('\r\n')

const describe = (lines: string[]) =>
  `v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n${lines.join('\r\n')}\r\n`

const VP8 = ['a=rtpmap:96 VP8/90000']
const pubOffer = (p: IceParameters, ssrc: number) =>
  describe([media('video', '0', 'sendonly', p, [...VP8, `a=ssrc:${ssrc} cname:load`])])
const subOffer = (p: IceParameters) =>
  describe([
    media('audio', '0', 'recvonly', p, ['a=rtpmap:96 opus/48000/2']),
    media('video', '1', 'recvonly', p, VP8),
  ])

const localOf = (sdp: string): LocalParameters => {
  const value = (name: string) => new RegExp(`a=${name}:(.*)`).exec(sdp)?.[1]?.trim() ?? ''
  return {
    ufrag: value('ice-ufrag'),
    password: value('ice-pwd'),
    fingerprint: value('fingerprint'),
    setup: value('setup'),
  }
}

/** Cameras and viewers of one room. */
export interface RoomSize {
  readonly cameras: number
  readonly viewers: number
}

/** Something that forwards: takes a peer's ICE parameters, gives its own. */
export interface Forwarder {
  readonly port: number
  camera(room: number, peer: number, p: IceParameters, ssrc: number): Promise<LocalParameters>
  viewer(room: number, peer: number, p: IceParameters): Promise<LocalParameters>
  close(): Promise<void>
}

/** The engine, in this process. */
export const engineForwarder = async (port: number, size: RoomSize): Promise<Forwarder> => {
  const engine: MediaEngine = await createCoreEngine({
    port,
    announce: ['127.0.0.1'],
    bind: '127.0.0.1',
  })
  const offers = new Map<string, string>()
  engine.on('offer', ({ room, peer, version }) => {
    void engine.answer({ room, peer, version, sdp: offers.get(peer) ?? '' })
  })
  return {
    port,
    async camera(room, peer, p, ssrc) {
      const track = { mid: '0', track: 'cam', kind: 'video' } as const
      const name = { room: `r${room}`, peer: `c${peer}` }
      const { answer } = await engine.publish({
        ...name,
        offer: pubOffer(p, ssrc),
        tracks: [track],
      })
      return localOf(answer)
    },
    async viewer(room, peer, p) {
      const name = { room: `r${room}`, peer: `v${peer}` }
      const wishes = Array.from({ length: size.cameras }, (_, i) => {
        return { from: `c${room * (size.cameras + size.viewers) + i}`, track: 'cam', height: 720 }
      })
      offers.set(name.peer, subOffer(p))
      await engine.watch({ ...name, wishes })
      return localOf((await engine.receive({ ...name, offer: subOffer(p) })).answer)
    },
    close: () => engine.close(),
  }
}

/** The same library with nothing on top: each packet goes as it came to every viewer of its room. */
export const bareForwarder = async (port: number): Promise<Forwarder> => {
  const listener = new native.IceUdpMuxListener(port, '127.0.0.1')
  const rooms = new Map<number, Track[]>()
  const held: PeerConnection[] = []
  const pipe = async (p: IceParameters, use: (track: Track) => void) => {
    const pc = new native.PeerConnection('bare', {
      iceServers: [],
      disableAutoNegotiation: true,
      forceMediaTransport: true,
      enableIceUdpMux: true,
      portRangeBegin: port,
      portRangeEnd: port,
      bindAddress: '127.0.0.1',
    })
    held.push(pc)
    pc.onTrack(use)
    pc.setRemoteDescription(describe([media('video', '0', 'sendrecv', p, VP8)]), 'offer')
    pc.setLocalDescription('answer')
    return localOf(pc.localDescription()?.sdp ?? '')
  }
  const viewersOf = (room: number) => {
    const list = rooms.get(room) ?? []
    rooms.set(room, list)
    return list
  }
  return {
    port,
    camera: (room, _peer, p) =>
      pipe(p, (track) => {
        const viewers = viewersOf(room)
        viewersOf(-1).push(track) // held: a collected track closes its connection
        track.onMessage((b) => {
          for (const viewer of viewers) if (viewer.isOpen()) viewer.sendMessageBinary(b)
        })
      }),
    viewer: (room, _peer, p) => pipe(p, (track) => viewersOf(room).push(track)),
    async close() {
      for (const pc of held) pc.close()
      listener.stop()
    },
  }
}

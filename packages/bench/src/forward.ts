import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { createCoreEngine, type MediaEngine } from '@yuntang/media'
import native, { type PeerConnection, type Track } from 'node-datachannel'

/** One room of load: 4 cameras of 125 packets/s, watched by 20 → 10,000 packets/s out. */
const CAMERAS = 4
const VIEWERS = 20
const PER_CAMERA = 125
const WARM_MS = 2_500
const MEASURE_MS = 5_000
/** Every run takes the next one: the library lets a port go some time after its last connection. */
const FIRST_PORT = 46_100

interface IceParameters {
  ufrag: string
  password: string
  fingerprint: string
}
interface LocalParameters extends IceParameters {
  setup: string
}
type Order =
  | { do: 'offer'; peer: number; ssrc: number }
  | { do: 'connect'; peer: number; local: LocalParameters; port: number }
  | { do: 'start'; perCamera: number }
  | { do: 'count' }
  | { do: 'end' }

/**
 * The load: native peers that send VP8-like packets and count what they get. Runs in a process of its
 * own from its own source text, so it refers to nothing outside.
 */
const load = async (library: string): Promise<void> => {
  const nd: typeof native = (await import(library)).default
  const peers = new Map<number, { pc: PeerConnection; track: Track; ssrc: number }>()
  let received = 0
  const oneLine = (l: LocalParameters, port: number) =>
    `v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 0.0.0.0\r\na=mid:0\r\na=sendrecv\r\na=rtcp-mux\r\na=rtpmap:96 VP8/90000\r\na=ice-ufrag:${l.ufrag}\r\na=ice-pwd:${l.password}\r\na=fingerprint:${l.fingerprint}\r\na=setup:${l.setup}\r\na=candidate:1 1 udp 2130706431 127.0.0.1 ${port} typ host\r\n`
  const offer = async (peer: number, ssrc: number) => {
    peers.get(peer)?.pc.close()
    const pc = new nd.PeerConnection(`p${peer}`, {
      iceServers: [],
      disableAutoNegotiation: true,
      forceMediaTransport: true,
    })
    const video = new nd.Video('0', 'SendRecv')
    video.addVP8Codec(96)
    const track = pc.addTrack(video)
    track.onMessage((b) => {
      if (((b[1] as number) & 0x7f) === 96) received += 1
    })
    peers.set(peer, { pc, track, ssrc })
    pc.setLocalDescription('offer')
    while (pc.gatheringState() !== 'complete') await new Promise((r) => setTimeout(r, 5))
    const sdp = pc.localDescription()?.sdp ?? ''
    const value = (name: string) => new RegExp(`a=${name}:(.*)`).exec(sdp)?.[1]?.trim() ?? ''
    return {
      ufrag: value('ice-ufrag'),
      password: value('ice-pwd'),
      fingerprint: value('fingerprint'),
    }
  }
  const connect = async (peer: number, local: LocalParameters, port: number) => {
    const p = peers.get(peer)
    if (!p) return false
    try {
      p.pc.setRemoteDescription(oneLine(local, port), 'answer')
    } catch {
      return false // the library's answer race: the caller tries once more
    }
    for (let i = 0; i < 150 && !p.track.isOpen(); i++) await new Promise((r) => setTimeout(r, 20))
    return p.track.isOpen()
  }
  const start = (perCamera: number) => {
    const begin = performance.now()
    let seq = 0
    setInterval(() => {
      const due = ((performance.now() - begin) * perCamera) / 1000
      for (; seq < due; seq++)
        for (const { ssrc, track } of peers.values()) {
          if (!ssrc) continue
          const b = Buffer.alloc(1100)
          b.writeUInt32BE((0x90600000 | (seq & 0xffff)) >>> 0, 0)
          b.writeUInt32BE((seq * 720) >>> 0, 4)
          b.writeUInt32BE(ssrc, 8)
          b.writeUInt32BE(0xbede0001, 12)
          b.writeUInt32BE((0x31000000 | ((seq & 0xffff) << 8)) >>> 0, 16)
          // Descriptor with picture id; every 125th packet begins a key frame.
          b.writeUInt32BE((0x90808000 | (seq & 0x7fff)) >>> 0, 20)
          b[24] = seq % 125 === 0 ? 0x10 : 0x11
          track.sendMessageBinary(b)
        }
    }, 4)
  }
  process.on('message', async (o: Order) => {
    if (o.do === 'offer') process.send?.(await offer(o.peer, o.ssrc))
    else if (o.do === 'connect') process.send?.(await connect(o.peer, o.local, o.port))
    else if (o.do === 'count') process.send?.(received)
    else if (o.do === 'start') start(o.perCamera)
    else process.exit(0)
  })
  process.on('disconnect', () => process.exit(0))
}

const startLoad = () => {
  const library = createRequire(import.meta.url).resolve('node-datachannel')
  const code = `(${load.toString()})(${JSON.stringify(library)})`
  const child: ChildProcess = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const ended = once(child, 'exit').then(() => {
    throw new Error('The load process ended')
  })
  ended.catch(() => {})
  return {
    tell: (order: Order) => child.send(order),
    async ask<T>(order: Order): Promise<T> {
      const answer = Promise.race([once(child, 'message'), ended])
      child.send(order)
      return (await answer)[0] as T
    },
    async end() {
      const gone = once(child, 'exit')
      child.send({ do: 'end' })
      await gone
    },
  }
}
type Load = ReturnType<typeof startLoad>

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

/** Something that forwards: takes a peer's ICE parameters, gives its own. */
interface Forwarder {
  readonly port: number
  camera(room: number, peer: number, p: IceParameters, ssrc: number): Promise<LocalParameters>
  viewer(room: number, peer: number, p: IceParameters): Promise<LocalParameters>
  close(): Promise<void>
}

const engineForwarder = async (port: number): Promise<Forwarder> => {
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
      const wishes = Array.from({ length: CAMERAS }, (_, i) => {
        return { from: `c${room * (CAMERAS + VIEWERS) + i}`, track: 'cam', height: 720 }
      })
      offers.set(name.peer, subOffer(p))
      await engine.watch({ ...name, wishes })
      return localOf((await engine.receive({ ...name, offer: subOffer(p) })).answer)
    },
    close: () => engine.close(),
  }
}

/** The same library with nothing on top: each packet goes as it came to every viewer of its room. */
const bareForwarder = async (port: number): Promise<Forwarder> => {
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

/** Joins `rooms` rooms of load; a peer that loses the library's answer race is made anew. */
const join = async (f: Forwarder, l: Load, rooms: number): Promise<void> => {
  for (let peer = 0; peer < rooms * (CAMERAS + VIEWERS); peer++) {
    const room = Math.floor(peer / (CAMERAS + VIEWERS))
    const ssrc = peer % (CAMERAS + VIEWERS) < CAMERAS ? 1000 + peer : 0
    for (let attempt = 0; ; attempt++) {
      const p = await l.ask<IceParameters>({ do: 'offer', peer, ssrc })
      const local = ssrc ? await f.camera(room, peer, p, ssrc) : await f.viewer(room, peer, p)
      if (await l.ask<boolean>({ do: 'connect', peer, local, port: f.port })) break
      if (attempt === 2) throw new Error('A load peer could not connect three times')
    }
  }
}

interface Measured {
  /** Packets per second that the viewers got. */
  readonly rate: number
  /** Microseconds of CPU per packet. */
  readonly cost: number
}

type Make = (port: number) => Promise<Forwarder>

const measure = async (make: Make, port: number, rooms: number): Promise<Measured> => {
  const forwarder = await make(port)
  const l = startLoad()
  await join(forwarder, l, rooms)
  l.tell({ do: 'start', perCamera: PER_CAMERA })
  await new Promise((resolve) => setTimeout(resolve, WARM_MS))
  const before = await l.ask<number>({ do: 'count' })
  const cpu = process.cpuUsage()
  const begin = performance.now()
  await new Promise((resolve) => setTimeout(resolve, MEASURE_MS))
  const { user, system } = process.cpuUsage(cpu)
  const seconds = (performance.now() - begin) / 1000
  const packets = (await l.ask<number>({ do: 'count' })) - before
  await l.end()
  await forwarder.close()
  return { rate: packets / seconds, cost: (user + system) / packets }
}

/**
 * CPU per forwarded packet of the engine, beside a bare loop on the same library in the same run: the
 * ratio holds on any machine, the microseconds only on this one.
 */
export const forwardBench = async (print: (line: string) => void): Promise<void> => {
  let port = FIRST_PORT
  for (const rooms of [1, 3]) {
    const bare = await measure(bareForwarder, port++, rooms)
    const engine = await measure(engineForwarder, port++, rooms)
    const show = (m: Measured) => `${m.cost.toFixed(1)} µs at ${Math.round(m.rate)}/s`
    print(
      `forward ${rooms * CAMERAS * VIEWERS * PER_CAMERA} packets/s out (1,100 bytes, VP8, ${rooms} × ${CAMERAS} cameras to ${VIEWERS} viewers): ` +
        `engine ${show(engine)}, bare loop ${show(bare)}, ratio ${(engine.cost / bare.cost).toFixed(2)}`,
    )
  }
}

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import type native from 'node-datachannel'
import type { PeerConnection, Track } from 'node-datachannel'

export interface IceParameters {
  ufrag: string
  password: string
  fingerprint: string
}
export interface LocalParameters extends IceParameters {
  setup: string
}
/** What became of the packets of the measured time. */
export interface Delivered {
  readonly sent: number
  readonly received: number
  /** From sending in the load to receiving in the load, ms: 95 of 100 packets took less. */
  readonly p95: number
}

type Order =
  | { do: 'offer'; peer: number; ssrc: number }
  | { do: 'connect'; peer: number; local: LocalParameters; port: number }
  | { do: 'start'; perCamera: number }
  | { do: 'measure' }
  | { do: 'stop' }
  | { do: 'end' }

/**
 * The load: native peers that send VP8-like packets and count what they get. Runs in a process of its
 * own from its own source text, so it refers to nothing outside.
 */
const load = async (library: string): Promise<void> => {
  const nd: typeof native = (await import(library)).default
  const peers = new Map<number, { pc: PeerConnection; track: Track; ssrc: number }>()
  /** Packets of the measured time carry when they were sent, others 0. */
  let isMeasuring = false
  let sent = 0
  let timer: NodeJS.Timeout | null = null
  const delays: number[] = []
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
      const at = ((b[1] as number) & 0x7f) === 96 ? b.readDoubleBE(b.length - 8) : 0
      if (at > 0) delays.push(performance.now() - at)
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
  /** Cameras take turns, as those of different people do. */
  const start = (perCamera: number) => {
    const begin = performance.now()
    const cameras = [...peers.values()].filter((p) => p.ssrc)
    const next = cameras.map(() => 0)
    const send = ({ ssrc, track }: { ssrc: number; track: Track }, seq: number) => {
      const b = Buffer.alloc(1100)
      b.writeUInt32BE((0x90600000 | (seq & 0xffff)) >>> 0, 0)
      b.writeUInt32BE((seq * 720) >>> 0, 4)
      b.writeUInt32BE(ssrc, 8)
      b.writeUInt32BE(0xbede0001, 12)
      b.writeUInt32BE((0x31000000 | ((seq & 0xffff) << 8)) >>> 0, 16)
      // Descriptor with picture id; every 125th packet begins a key frame.
      b.writeUInt32BE((0x90808000 | (seq & 0x7fff)) >>> 0, 20)
      b[24] = seq % 125 === 0 ? 0x10 : 0x11
      if (isMeasuring) {
        b.writeDoubleBE(performance.now(), b.length - 8)
        sent += 1
      }
      track.sendMessageBinary(b)
    }
    timer = setInterval(() => {
      const due = ((performance.now() - begin) * perCamera) / 1000
      cameras.forEach((camera, i) => {
        let seq = next[i] as number
        for (; seq + i / cameras.length < due; seq++) send(camera, seq)
        next[i] = seq
      })
    }, 1)
  }
  const stop = async () => {
    if (timer) clearInterval(timer)
    await new Promise((r) => setTimeout(r, 500))
    delays.sort((a, b) => a - b)
    const p95 = delays[Math.floor(delays.length * 0.95)] ?? 0
    return { sent, received: delays.length, p95 }
  }
  process.on('message', async (o: Order) => {
    if (o.do === 'offer') process.send?.(await offer(o.peer, o.ssrc))
    else if (o.do === 'connect') process.send?.(await connect(o.peer, o.local, o.port))
    else if (o.do === 'stop') process.send?.(await stop())
    else if (o.do === 'measure') isMeasuring = true
    else if (o.do === 'start') start(o.perCamera)
    else process.exit(0)
  })
  process.on('disconnect', () => process.exit(0))
}

/** Starts the load in a process of its own. */
export const startLoad = () => {
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
export type Load = ReturnType<typeof startLoad>

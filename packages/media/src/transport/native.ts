import { isIP } from 'node:net'
import { networkInterfaces } from 'node:os'
import native, { type IceUdpMuxListener, type PeerConnection, type Track } from 'node-datachannel'
import { EngineError } from '../engine.ts'
import type { IceParameters, MediaTransport, TransportFactory, TransportState } from './port.ts'
import type { RelayedPort } from './relayed-port.ts'

/**
 * The library sees one synthetic video line and hands every packet to its only track, whatever its
 * SSRC: undocumented, so the version is pinned and a test holds it to that.
 */
const oneVideoLine = (remote: IceParameters): string =>
  [
    'v=0',
    'o=- 1 1 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    'a=group:BUNDLE 0',
    'm=video 9 UDP/TLS/RTP/SAVPF 96',
    'c=IN IP4 0.0.0.0',
    'a=mid:0',
    'a=sendrecv',
    'a=rtcp-mux',
    'a=rtpmap:96 VP8/90000',
    `a=ice-ufrag:${remote.ufrag}`,
    `a=ice-pwd:${remote.password}`,
    `a=fingerprint:${remote.fingerprint}`,
    'a=setup:actpass',
    '',
  ].join('\r\n')

const line = (sdp: string, name: string): string =>
  new RegExp(`^a=${name}:(.*)$`, 'm').exec(sdp)?.[1]?.trim() ?? ''

let nextName = 1

class NativeTransport implements MediaTransport {
  readonly local: MediaTransport['local']
  state: TransportState = 'connecting'
  onPacket: (packet: Buffer) => void = () => {}
  onState: (state: TransportState) => void = () => {}
  // Collecting either JS object would close the native one: both are held here.
  readonly #pc: PeerConnection
  #track: Track | null = null

  constructor(
    remote: IceParameters,
    port: number,
    bind: string | undefined,
    private readonly relayed: RelayedPort | null,
  ) {
    this.#pc = new native.PeerConnection(`t${nextName++}`, {
      iceServers: [],
      disableAutoNegotiation: true,
      forceMediaTransport: true,
      enableIceUdpMux: true,
      portRangeBegin: port,
      portRangeEnd: port,
      ...(bind ? { bindAddress: bind } : {}),
    })
    this.#pc.onTrack((track) => {
      this.#track = track
      track.onMessage((packet) => this.onPacket(packet))
    })
    this.#pc.onStateChange((state) => this.#moved(state))
    this.local = this.#negotiate(remote)
    this.relayed?.admit(this.local.ufrag, this.local.password)
  }

  #negotiate(remote: IceParameters): MediaTransport['local'] {
    try {
      this.#pc.setRemoteDescription(oneVideoLine(remote), 'offer')
      // In any other state the library would abort the whole process instead of throwing.
      if (this.#pc.signalingState() !== 'have-remote-offer')
        throw new Error('the offer was not taken')
      this.#pc.setLocalDescription('answer')
    } catch (cause) {
      this.close()
      throw new EngineError('sdp', `The connection parameters were refused: ${String(cause)}`)
    }
    const sdp = this.#pc.localDescription()?.sdp ?? ''
    const setup = line(sdp, 'setup') === 'passive' ? 'passive' : 'active'
    return {
      ufrag: line(sdp, 'ice-ufrag'),
      password: line(sdp, 'ice-pwd'),
      fingerprint: line(sdp, 'fingerprint'),
      setup,
    }
  }

  #moved(state: string): void {
    if (this.state === 'closed') return
    if (state === 'connected') this.#enter('connected')
    else if (state === 'failed' || state === 'closed' || state === 'disconnected') {
      // After either the library closes itself; there is no way back for this transport.
      this.#enter('closed')
      this.#free()
    }
  }

  #enter(state: TransportState): void {
    if (this.state === state) return
    this.state = state
    this.onState(state)
  }

  send(packet: Buffer): boolean {
    if (this.state !== 'connected') return false
    try {
      return this.#track?.sendMessageBinary(packet) ?? false
    } catch {
      return false // closing: the state change follows
    }
  }

  close(): void {
    if (this.state === 'closed') return
    this.state = 'closed'
    this.#free()
  }

  #free(): void {
    this.onPacket = () => {}
    if (this.local) this.relayed?.forget(this.local.ufrag)
    try {
      this.#track?.close()
      this.#pc.close()
    } catch {
      // already gone
    }
  }
}

/** What a page on this host or its network can reach; a bound address is the only one of its own. */
const ownAddresses = (bind: string | undefined): string[] => {
  if (bind && bind !== '0.0.0.0' && bind !== '::') return [bind]
  const all = Object.values(networkInterfaces()).flatMap((list) => list ?? [])
  return [
    ...all.filter((a) => a.family === 'IPv4' && !a.internal).map((a) => a.address),
    '127.0.0.1',
    ...(bind !== '0.0.0.0' && all.some((a) => a.address === '::1') ? ['::1'] : []),
  ]
}

/** RFC 8445 §5.1.2.1: host candidates, earlier addresses preferred. */
const candidateLines = (addresses: readonly string[], port: number): string[] =>
  addresses.map(
    (address, i) =>
      `candidate:${i + 1} 1 udp ${((126 << 24) | ((65_535 - i) << 8) | 255) >>> 0} ${address} ${port} typ host`,
  )

/** The way round comes after every other: only who has no other path takes it. */
const relayedLines = (addresses: readonly string[], { port, family }: RelayedPort): string[] =>
  addresses
    .filter((address) => isIP(address) === family)
    .map(
      (address, i) =>
        `candidate:r${i + 1} 1 udp ${((65_535 - i) << 8) | 255} ${address} ${port} typ host`,
    )

/** Opens the UDP port; throws an {@link EngineError} `native` when it is taken. */
export const createNativeFactory = (options: {
  port: number
  announce?: readonly string[] | undefined
  bind?: string | undefined
  /** Owned by the factory from now on. */
  relayed?: RelayedPort | null
}): TransportFactory => {
  const relayed = options.relayed ?? null
  let listener: IceUdpMuxListener
  try {
    // Keeps the port while no connection exists; the library aborts the process on a taken one later.
    listener = options.bind
      ? new native.IceUdpMuxListener(options.port, options.bind)
      : new native.IceUdpMuxListener(options.port)
  } catch {
    relayed?.close()
    throw new EngineError('native', `UDP port ${options.port} is taken or not permitted`)
  }
  const addresses = options.announce?.length ? options.announce : ownAddresses(options.bind)
  let closed = false
  return {
    candidates: [
      ...candidateLines(addresses, options.port),
      ...(relayed ? relayedLines(addresses, relayed) : []),
    ],
    create(remote) {
      if (closed) throw new EngineError('closed', 'The engine is closed')
      return new NativeTransport(remote, options.port, options.bind, relayed)
    },
    close() {
      if (closed) return
      closed = true
      relayed?.close()
      listener.stop()
    },
  }
}

import { watchIce } from './ice-watch.ts'
import type { RtcOffer, RtcRequest, TrackKind } from './port.ts'
import type { RelayList } from './relays.ts'
import { localSdp } from './sending.ts'
import { Serial } from './serial.ts'

/** One received source. */
export interface Incoming {
  readonly userID: string
  readonly kind: TrackKind
  readonly videoID: number
  readonly stream: MediaStream
  readonly receiver: RTCRtpReceiver
}

const keyOf = (kind: TrackKind, userID: string, videoID: number) => `${kind}:${videoID}:${userID}`

export interface ReceivingDeps {
  readonly request: RtcRequest
  readonly relays: RelayList
  readonly added: (incoming: Incoming) => void
  readonly removed: (incoming: Incoming) => void
}

/** The connection that brings the other members' microphones and cameras. */
export class Receiving {
  readonly pc: RTCPeerConnection
  readonly #serial = new Serial()
  readonly #deps: ReceivingDeps
  readonly #endIce: () => void
  #incoming = new Map<string, Incoming>()
  #opened: Promise<void> | null = null
  #closed = false
  /** Offers up to this version were made for an earlier state of the connection. */
  #answered = 0

  constructor(deps: ReceivingDeps) {
    const iceServers = deps.relays.servers
    this.pc = new RTCPeerConnection({
      bundlePolicy: 'max-bundle',
      iceServers,
      iceCandidatePoolSize: 1,
    })
    this.#deps = deps
    this.#endIce = watchIce(this.pc, () => this.#serial.run(() => this.#negotiate(true)))
  }

  get incoming(): Iterable<Incoming> {
    return this.#incoming.values()
  }

  stream(userID: string, videoID: number): MediaStream | null {
    return this.#incoming.get(keyOf('camera', userID, videoID))?.stream ?? null
  }

  screenStream(userID: string): MediaStream | null {
    return this.#incoming.get(keyOf('screen', userID, 0))?.stream ?? null
  }

  mediaStream(userID: string): MediaStream | null {
    return this.#incoming.get(keyOf('media', userID, 0))?.stream ?? null
  }

  /** Harmless when open; after a failure it may be called again. */
  open(): Promise<void> {
    this.#opened ??= this.#serial.run(async () => {
      try {
        if (this.pc.getTransceivers().length === 0)
          for (const medium of ['audio', 'video'])
            this.pc.addTransceiver(medium, { direction: 'recvonly' })
        await this.#negotiate(false)
      } catch (error) {
        this.#opened = null
        throw error
      }
    })
    return this.#opened
  }

  offer({ sdp, version, tracks }: RtcOffer): Promise<void> {
    return this.#serial.run(async () => {
      if (this.#closed || version <= this.#answered) return
      await this.pc.setRemoteDescription({ type: 'offer', sdp })
      await this.pc.setLocalDescription()
      this.#map(tracks)
      await this.#deps.request('rtc.answer', { sdp: localSdp(this.pc), version })
    })
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#endIce()
    this.pc.close()
    this.#map([])
  }

  async #negotiate(restart: boolean): Promise<void> {
    if (restart || !this.pc.localDescription) await this.#deps.relays.prepare(this.pc)
    if (restart) this.pc.restartIce()
    await this.pc.setLocalDescription()
    try {
      const { sdp, version } = await this.#deps.request('rtc.receive', { sdp: localSdp(this.pc) })
      this.#answered = version
      await this.pc.setRemoteDescription({ type: 'answer', sdp })
    } catch (error) {
      if (this.pc.signalingState === 'have-local-offer')
        await this.pc.setLocalDescription({ type: 'rollback' })
      throw error
    }
  }

  #map(tracks: RtcOffer['tracks']): void {
    const old = this.#incoming
    const now = new Map<string, Incoming>()
    const lines = new Map(this.pc.getTransceivers().map((line) => [line.mid, line]))
    for (const { mid, userID, kind, videoID } of tracks) {
      const receiver = lines.get(mid)?.receiver
      if (!receiver) continue
      const key = keyOf(kind, userID, videoID)
      const known = old.get(key)
      const stays = known?.receiver === receiver ? known : null
      const stream = stays?.stream ?? new MediaStream([receiver.track])
      now.set(key, stays ?? { userID, kind, videoID, stream, receiver })
    }
    this.#incoming = now
    for (const [key, incoming] of old) if (now.get(key) !== incoming) this.#deps.removed(incoming)
    for (const [key, incoming] of now) if (old.get(key) !== incoming) this.#deps.added(incoming)
  }
}

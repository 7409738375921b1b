import type { VideoConfig } from '../api.ts'
import { videoEncoding } from '../devices/video-config.ts'
import { mediaEncodings } from '../shared-media/encodings.ts'
import { cameraEncodings, type Encoding, sentLines } from './encodings.ts'
import { watchIce } from './ice-watch.ts'
import {
  isSound,
  type LocalMedia,
  type LocalScreen,
  type LocalTrack,
  type RtcRequest,
  type TrackKind,
} from './port.ts'
import type { RelayList } from './relays.ts'
import { screenEncodings, screenPreference } from './screen-encodings.ts'
import { Serial } from './serial.ts'
import { limitVideo } from './uplink-room.ts'
import { watchUplink } from './uplink-watch.ts'

/** One m-line: bound to a source, or free for the next one of its kind. */
interface Slot {
  readonly transceiver: RTCRtpTransceiver
  readonly kind: TrackKind
  source: LocalTrack | null
}

/** Whose needed encodings these are: a camera's, the screen's (0), or shared media's. */
const videoKey = ({ kind, videoID }: LocalTrack): number | 'media' =>
  kind === 'media' ? kind : videoID

/** kbit/s beyond what any picture needs; a limit that is higher than the last one makes Chromium ask the path. */
const FIRST_LIMIT = 20_000

const isSource = (a: LocalTrack | null, kind: TrackKind, videoID: number) =>
  a?.kind === kind && a.videoID === videoID

/** The connection that carries my microphone and cameras to the server. */
export class Sending {
  readonly pc: RTCPeerConnection
  readonly #slots: Slot[] = []
  readonly #serial = new Serial()
  /** Parameters are read, changed and written back: never two at once. */
  readonly #parameters = new Serial()
  /** Encodings that somebody receives, by video; one that is not in it sends all. */
  readonly #needed = new Map<number | 'media', ReadonlySet<string>>()
  readonly #request: RtcRequest
  readonly #relays: RelayList
  readonly #video: () => VideoConfig
  #screen: LocalScreen | null = null
  #media: LocalMedia | null = null
  readonly #endIce: () => void
  readonly #endUplink: () => void
  #limit = FIRST_LIMIT
  /** What the server knows; null before the first answer and after a failure. */
  #agreed: string | null = null

  constructor(request: RtcRequest, relays: RelayList, video: () => VideoConfig) {
    this.pc = new RTCPeerConnection({ bundlePolicy: 'max-bundle', iceServers: relays.servers })
    this.#relays = relays
    this.#request = request
    this.#video = video
    this.#endIce = watchIce(this.pc, () => this.#serial.run(() => this.#negotiate(true)))
    this.#endUplink = watchUplink({
      pc: this.pc,
      wanted: () => this.#wanted(),
      ask: () => this.#askPath(),
    })
  }

  publish(
    devices: readonly LocalTrack[],
    screen: LocalScreen | null,
    media: LocalMedia | null,
  ): Promise<void> {
    return this.#serial.run(async () => {
      if (screen) this.#screen = screen
      if (media) this.#media = media
      const shared: [TrackKind, MediaStreamTrack | null | undefined][] = [
        ['screen', screen?.track],
        ['media', media?.video],
        ['mediaSound', media?.audio],
      ]
      const tracks = [
        ...devices,
        ...shared.flatMap(([kind, track]) => (track ? [{ kind, videoID: 0, track }] : [])),
      ]
      if (tracks.length === 0 && this.#slots.length === 0) return
      await this.#bind(tracks)
      await this.#negotiate(false)
    })
  }

  async replace(kind: TrackKind, videoID: number, track: MediaStreamTrack): Promise<void> {
    const slot = this.#slots.find(({ source }) => isSource(source, kind, videoID))
    if (!slot) return
    slot.source = { kind, videoID, track }
    await slot.transceiver.sender.replaceTrack(track)
    if (!isSound(kind)) await this.applyVideo()
  }

  /** Brings the senders to the present configurations and to what is needed of them. */
  applyVideo(): Promise<void> {
    return this.#parameters.run(async () => {
      for (const { source, transceiver } of this.#slots) {
        if (!source || isSound(source.kind)) continue
        const [wanted, degradationPreference] = this.#encodings(source)
        const params = transceiver.sender.getParameters()
        for (const [i, encoding] of (params.encodings ?? []).entries())
          Object.assign(encoding, { ...wanted[i], rid: encoding.rid })
        await transceiver.sender.setParameters({ ...params, degradationPreference })
      }
    })
  }

  #encodings(source: LocalTrack): [Encoding[], RTCDegradationPreference] {
    const { kind, track } = source
    const needed = this.#needed.get(videoKey(source)) ?? null
    if (kind === 'screen' && this.#screen) {
      const { config } = this.#screen
      const { width = 0, height = 0 } = track.getSettings()
      return [screenEncodings(config, { width, height }, needed), screenPreference(config)]
    }
    if (kind === 'media' && this.#media) {
      const { config, size } = this.#media
      const { degradationPreference } = videoEncoding(config)
      return [mediaEncodings(config, size, needed), degradationPreference]
    }
    const config = this.#video()
    const { degradationPreference } = videoEncoding(config)
    return [cameraEncodings(config, sentLines(config, track), needed), degradationPreference]
  }

  /** The server says which encodings of a video somebody receives. */
  need(videoID: number | 'media', rids: readonly string[]): Promise<void> {
    this.#needed.set(videoID, new Set(rids))
    return this.applyVideo()
  }

  close(): void {
    this.#endIce()
    this.#endUplink()
    this.pc.close()
  }

  /** The rates of all encodings that are needed, bit/s; 0 without pictures. */
  #wanted(): number {
    const encodings = this.#slots.flatMap(({ source }) =>
      source && !isSound(source.kind) ? this.#encodings(source)[0] : [],
    )
    return encodings.reduce((sum, { active, maxBitrate }) => sum + (active ? maxBitrate : 0), 0)
  }

  /** A limit that rose makes Chromium send a short burst and measure what comes through. */
  #askPath(): Promise<void> {
    return this.#serial.run(async () => {
      const { remoteDescription, signalingState } = this.pc
      if (this.#agreed === null || !remoteDescription || signalingState !== 'stable') return
      await this.pc.setLocalDescription()
      try {
        const sdp = limitVideo(remoteDescription.sdp, ++this.#limit)
        await this.pc.setRemoteDescription({ type: 'answer', sdp })
      } catch (error) {
        await this.#rollBack()
        throw error
      }
      await this.applyVideo()
    })
  }

  async #rollBack(): Promise<void> {
    if (this.pc.signalingState === 'have-local-offer')
      await this.pc.setLocalDescription({ type: 'rollback' })
  }

  async #bind(tracks: readonly LocalTrack[]): Promise<void> {
    for (const slot of this.#slots) {
      const { source } = slot
      if (!source || tracks.some(({ kind, videoID }) => isSource(source, kind, videoID))) continue
      slot.source = null
      if (!isSound(source.kind)) this.#needed.delete(videoKey(source))
      slot.transceiver.direction = 'inactive'
      await slot.transceiver.sender.replaceTrack(null)
    }
    for (const wanted of tracks) {
      const { kind, videoID, track } = wanted
      const slot =
        this.#slots.find(({ source }) => isSource(source, kind, videoID)) ??
        this.#slots.find((free) => free.source === null && free.kind === kind) ??
        this.#addSlot(wanted)
      slot.source = wanted
      slot.transceiver.direction = 'sendonly'
      if (slot.transceiver.sender.track !== track) await slot.transceiver.sender.replaceTrack(track)
    }
  }

  #addSlot(wanted: LocalTrack): Slot {
    const { kind } = wanted
    const transceiver = this.pc.addTransceiver(isSound(kind) ? 'audio' : 'video', {
      direction: 'sendonly',
      ...(isSound(kind) ? {} : { sendEncodings: this.#encodings(wanted)[0] }),
    })
    if (!isSound(kind)) preferVp8(transceiver)
    const slot = { transceiver, kind, source: null }
    this.#slots.push(slot)
    return slot
  }

  async #negotiate(restart: boolean): Promise<void> {
    const sources = this.#slots.map(({ source }) => source && [source.kind, source.videoID])
    const wanted = JSON.stringify(sources)
    if (!restart && wanted === this.#agreed) return await this.applyVideo()
    this.#agreed = null
    if (restart || !this.pc.localDescription) await this.#relays.prepare(this.pc)
    if (restart) this.pc.restartIce()
    await this.pc.setLocalDescription()
    try {
      const tracks = this.#slots.flatMap(({ source, transceiver: { mid } }) =>
        source && mid !== null ? [{ mid, kind: source.kind, videoID: source.videoID }] : [],
      )
      const { sdp } = await this.#request('rtc.publish', { sdp: localSdp(this.pc), tracks })
      await this.pc.setRemoteDescription({ type: 'answer', sdp })
      this.#agreed = wanted
      // An answer that takes an encoding sets it going, even one that was to rest.
      await this.applyVideo()
    } catch (error) {
      await this.#rollBack()
      throw error
    }
  }
}

/** The description to send. The server needs no candidates of the page: it learns its address from checks. */
export const localSdp = (pc: RTCPeerConnection): string => pc.localDescription?.sdp ?? ''

function preferVp8(transceiver: RTCRtpTransceiver): void {
  const codecs = RTCRtpSender.getCapabilities('video')?.codecs ?? []
  const isVp8 = ({ mimeType }: { mimeType: string }) => mimeType.toLowerCase() === 'video/vp8'
  if (codecs.some(isVp8))
    transceiver.setCodecPreferences([
      ...codecs.filter(isVp8),
      ...codecs.filter((codec) => !isVp8(codec)),
    ])
}

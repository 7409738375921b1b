import { videoEncoding } from '../devices/video-config.ts'
import { EnergyMeter } from './energy-meter.ts'
import { NetworkSampler } from './network-sampler.ts'
import { Playback } from './playback.ts'
import {
  isSound,
  type LocalMedia,
  type LocalScreen,
  type LocalTrack,
  type MediaDeps,
  type MeetingMedia,
  type TrackKind,
} from './port.ts'
import { Receiving } from './receiving.ts'
import { createRelayList } from './relays.ts'
import { Sending } from './sending.ts'
import { WatchList } from './watch-list.ts'

/** Makes the media side of one meeting; connections are opened by `publish` and `openReceiver`. */
export function createMeetingMedia(deps: MediaDeps): MeetingMedia {
  const { devices, me, request } = deps
  let closed = false
  let wanted: readonly LocalTrack[] = []
  let wantedScreen: LocalScreen | null = null
  let wantedMedia: LocalMedia | null = null
  let receiverOpen = false

  const playback = new Playback(devices)
  const relays = createRelayList(deps.relays, request)
  const makeSending = () => new Sending(request, relays, () => devices.video)
  const makeReceiving = () =>
    new Receiving({
      request,
      relays,
      added({ kind, userID, videoID, stream }) {
        if (isSound(kind)) {
          playback.add(stream, kind === 'mediaSound')
          deps.heardChanged()
        } else if (kind === 'screen') deps.screenStream(userID, stream)
        else if (kind === 'media') deps.mediaStream(userID, stream)
        else deps.stream(userID, videoID, stream)
      },
      removed({ kind, userID, videoID, stream }) {
        if (isSound(kind)) playback.remove(stream)
        if (closed) return
        if (isSound(kind)) deps.heardChanged()
        else if (kind === 'screen') deps.screenStream(userID, null)
        else if (kind === 'media') deps.mediaStream(userID, null)
        else deps.stream(userID, videoID, null)
      },
    })
  let sending = makeSending()
  let receiving = makeReceiving()
  const watches = new WatchList(request)
  const energy = new EnergyMeter({
    devices,
    me,
    micOpen: deps.micOpen,
    incoming: () => receiving.incoming,
    changed: deps.energy,
  })
  const network = new NetworkSampler({
    connections: () => [sending.pc, receiving.pc],
    maxBitrate: () => videoEncoding(devices.video).maxBitrate,
    changed: deps.network,
  })

  const warn = (what: string) => (error: unknown) => {
    if (!closed) console.warn(what, error)
  }
  const endConfig = devices.onConfig(() => {
    sending.applyVideo().catch(warn('The video configuration was refused:'))
  })

  /** Follows to a newer connection when a reset exchanged it meanwhile. */
  async function publishNow(): Promise<void> {
    const mine = sending
    try {
      await mine.publish(wanted, wantedScreen, wantedMedia)
    } catch (error) {
      if (closed || mine === sending) throw error
    }
    if (!closed && mine !== sending) await publishNow()
  }

  async function openReceiver(): Promise<void> {
    if (closed) return
    receiverOpen = true
    const mine = receiving
    try {
      await mine.open()
    } catch (error) {
      if (closed || mine === receiving) throw error
    }
    if (!closed && mine !== receiving) await openReceiver()
  }

  return {
    async publish(tracks) {
      if (closed) return
      wanted = [...tracks]
      await publishNow()
    },
    async publishScreen(screen) {
      if (closed) return
      wantedScreen = screen
      await publishNow()
    },
    async publishMedia(media) {
      if (closed) return
      wantedMedia = media
      await publishNow()
    },
    replace(kind: TrackKind, videoID, track) {
      if (closed) return
      wanted = wanted.map((old) =>
        old.kind === kind && old.videoID === videoID ? { kind, videoID, track } : old,
      )
      sending.replace(kind, videoID, track).catch(warn('The new device is not sent:'))
    },
    openReceiver,
    offer(change) {
      if (closed) return
      receiving.offer(change).catch(warn('A change of the received media failed:'))
    },
    layers(videoID, rids) {
      if (!closed) sending.need(videoID, rids).catch(warn('The sent encodings stay as they are:'))
    },
    setRelays: relays.set,
    reset() {
      if (closed) return
      sending.close()
      receiving.close()
      sending = makeSending()
      receiving = makeReceiving()
      if (receiverOpen) openReceiver().catch(warn('Receiving could not be set up again:'))
      publishNow().catch(warn('Sending could not be set up again:'))
      watches.forget()
    },
    setWatches(list) {
      if (!closed) watches.set(list.filter(({ userID }) => userID !== me))
    },
    watchScreen(height) {
      if (!closed) watches.setScreen(height)
    },
    get heard() {
      return playback.streams
    },
    get heardMedia() {
      return [...receiving.incoming].flatMap(({ kind, stream }) =>
        kind === 'mediaSound' ? [stream] : [],
      )
    },
    watchMedia(height) {
      if (!closed) watches.setMedia(height)
    },
    muteMedia(on) {
      playback.mediaMuted = on
    },
    stream: (userID, videoID) => receiving.stream(userID, videoID),
    screenStream: (userID) => receiving.screenStream(userID),
    mediaStream: (userID) => receiving.mediaStream(userID),
    energyOf: (userID) => energy.level(userID),
    get networkLevel() {
      return network.level
    },
    setLinkState(live) {
      if (closed) return
      network.setLinkState(live)
      if (live) watches.flush()
    },
    close() {
      if (closed) return
      energy.close()
      closed = true
      endConfig()
      network.close()
      watches.close()
      sending.close()
      receiving.close()
      playback.close()
    },
  }
}

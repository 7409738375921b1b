import type { AudioConfig, DeviceEvents, VideoConfig } from '../api.ts'
import { createEmitter } from '../emitter.ts'
import type { OwnedDevices } from '../media/port.ts'
import { changeAudio, DEFAULT_AUDIO } from './audio-config.ts'
import { Cameras } from './cameras.ts'
import { DeviceUsers } from './device-users.ts'
import { Inventory, type InventoryChange } from './inventory.ts'
import { Mic } from './mic.ts'
import { createPreviews } from './previews.ts'
import { changeVideo, DEFAULT_VIDEO } from './video-config.ts'

interface Inner {
  track: { kind: 'mic' | 'camera'; videoID: number; track: MediaStreamTrack }
  config: undefined
}

/** The meeting among the users of a device; every preview is another one. */
const MEETING = {}

const isVolume = (level: number) => Number.isFinite(level) && level >= 0 && level <= 255

/** This page's devices. Nothing is asked of the browser before `start` or a capture. */
export function createDevices(): OwnedDevices {
  const events = createEmitter<DeviceEvents>()
  const inner = createEmitter<Inner>()
  let audio: AudioConfig = DEFAULT_AUDIO
  let video: VideoConfig = DEFAULT_VIDEO
  let chosenVideo = -1
  let multiVideo = false
  let micVolume = 255
  let speakerVolume = 255

  const idOf = (list: Inventory['mics'], name: string) =>
    list.find((device) => device.name === name)?.deviceId ?? ''
  const defaultVideo = () =>
    inventory.cameras.find(({ videoID }) => videoID === chosenVideo)?.videoID ??
    inventory.firstCamera
  const refreshMic = () => {
    mic.refresh().catch((error) => console.warn('The microphone keeps its setting:', error))
  }
  const listChanged = (change: InventoryChange) => {
    for (const videoID of cameras.openIDs)
      if (inventory.cameraDevice(videoID) === null) cameras.release(videoID)
    if (change.audio) {
      refreshMic()
      // Status changes follow from `config` and come after it (spec 08 §4).
      events.emit('audioChanged', undefined)
      inner.emit('config', undefined)
    }
    if (change.cameras) events.emit('camerasChanged', { changed: change.cameraSet })
  }
  /** The browser took a camera away: again if it is still there, otherwise the list tells. */
  const recapture = async (videoID: number) => {
    cameras.release(videoID)
    await inventory.refresh()
    if (inventory.cameraDevice(videoID) === null) return
    const track = await cameras.open(videoID)
    inner.emit('track', { kind: 'camera', videoID, track })
  }

  const commitDefault = (videoID: number) => {
    const old = defaultVideo()
    chosenVideo = videoID
    if (defaultVideo() !== old) events.emit('camerasChanged', { changed: false })
  }
  /** The newest choice: a capture for an older one decides nothing any more. */
  let choice: { next: number } | null = null
  /** While one camera is sent, the new one must be captured before it becomes the default (spec 08 §6). */
  const chooseDefault = async (videoID: number) => {
    const next = videoID === -1 ? inventory.firstCamera : videoID
    const mine = { next }
    choice = mine
    const isSending = () => !multiVideo && users.of(MEETING).includes(defaultVideo())
    if (isSending() && next !== defaultVideo()) {
      try {
        await takeCamera(next, MEETING)
      } catch (error) {
        dropCamera(next, MEETING)
        // Closed meanwhile: nothing is sent that would have to go on.
        if (isSending()) throw error
      }
    }
    if (mine === choice) commitDefault(videoID)
    else if (next !== choice?.next && next !== defaultVideo()) dropCamera(next, MEETING)
  }
  /** A device that cannot be found is no longer what the list says. */
  const relisting = async <T>(capture: Promise<T>): Promise<T> => {
    try {
      return await capture
    } catch (error) {
      const name = error instanceof DOMException ? error.name : ''
      if (name === 'NotFoundError' || name === 'OverconstrainedError') await inventory.refresh()
      throw error
    }
  }

  const inventory = new Inventory(listChanged)
  const mic = new Mic(
    () => ({ audio, deviceId: idOf(inventory.mics, audio.micName), volume: micVolume }),
    () => {
      refreshMic()
      inventory.refreshSoon()
    },
  )
  const cameras = new Cameras({
    video: () => video,
    deviceId: (videoID) => inventory.cameraDevice(videoID),
    captured(videoID, deviceId) {
      inventory.identify(videoID, deviceId)
      inventory.refreshSoon()
    },
    lost(videoID) {
      recapture(videoID).catch((error) => console.warn('The camera stopped:', error))
    },
    exchanged: (videoID, track) => inner.emit('track', { kind: 'camera', videoID, track }),
  })

  const users = new DeviceUsers<'mic' | number>()
  const takeMic = async (user: object) => {
    users.add('mic', user)
    const track = await relisting(mic.open())
    inventory.refreshSoon()
    return track
  }
  const dropMic = (user: object) => {
    if (users.remove('mic', user)) mic.release()
  }
  const takeCamera = async (videoID: number, user: object) => {
    users.add(videoID, user)
    await inventory.start()
    return await relisting(cameras.open(videoID))
  }
  const dropCamera = (videoID: number, user: object) => {
    if (users.remove(videoID, user)) cameras.release(videoID)
  }
  const previews = createPreviews({
    async defaultVideo() {
      await inventory.start()
      return defaultVideo()
    },
    takeMic,
    dropMic,
    takeCamera,
    dropCamera,
    micLevel: () => mic.level,
  })

  return {
    on: events.on,
    once: events.once,
    previewCamera: previews.camera,
    previewMic: previews.mic,
    start: () => inventory.start(),
    get mics() {
      return inventory.mics.map(({ name }) => name)
    },
    get speakers() {
      return inventory.speakers.map(({ name }) => name)
    },
    get cameras() {
      return inventory.cameras.map((camera) => ({ ...camera }))
    },
    get hasMic() {
      return inventory.mics.length > 0
    },
    get defaultVideo() {
      return defaultVideo()
    },
    setDefaultVideo(videoID) {
      if (videoID !== -1 && inventory.cameraDevice(videoID) === null) return
      chooseDefault(videoID).catch((error) => console.warn('The camera stays:', error))
    },
    get multiVideo() {
      return multiVideo
    },
    setMultiVideo(on) {
      if (on === multiVideo) return
      multiVideo = on
      events.emit('camerasChanged', { changed: false })
    },
    get audio() {
      return { ...audio }
    },
    setAudio(change) {
      audio = changeAudio(audio, change)
      refreshMic()
      inner.emit('config', undefined)
    },
    get video() {
      return { ...video }
    },
    setVideo(change) {
      video = changeVideo(video, change)
      cameras.applyConfig()
      inner.emit('config', undefined)
    },
    get micVolume() {
      return micVolume
    },
    set micVolume(level) {
      if (!isVolume(level)) return
      micVolume = level
      refreshMic()
    },
    get speakerVolume() {
      return speakerVolume
    },
    set speakerVolume(level) {
      if (!isVolume(level)) return
      speakerVolume = level
      inner.emit('config', undefined)
    },
    get sinkId() {
      return idOf(inventory.speakers, audio.speakerName)
    },
    captureMic: () => takeMic(MEETING),
    releaseMic: () => dropMic(MEETING),
    captureCamera: (videoID) => takeCamera(videoID, MEETING),
    releaseCamera: (videoID) => dropCamera(videoID, MEETING),
    releaseCameras() {
      for (const device of users.of(MEETING)) if (device !== 'mic') dropCamera(device, MEETING)
    },
    micTrack: () => mic.track,
    cameraTrack: (videoID) => cameras.track(videoID),
    onTrack: (listener) =>
      inner.on('track', ({ kind, videoID, track }) => listener(kind, videoID, track)),
    micLevel: () => mic.level,
    onConfig: (listener) => inner.on('config', listener),
    close() {
      events.clear()
      inner.clear()
      mic.release()
      cameras.releaseAll()
      inventory.close()
    },
  }
}

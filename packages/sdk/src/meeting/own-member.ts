import type { Devices as WireDevices } from '@yuntang/protocol'
import type { DeviceStatus, MeetingEvents, MemberInfo } from '../api.ts'
import type { Emitter } from '../emitter.ts'
import type { Send } from '../link/link.ts'
import type { MeetingMedia, OwnedDevices } from '../media/port.ts'
import { createOwnDevice, type OwnedDevice } from './own-device.ts'
import { isOtherSet } from './replica.ts'
import { createSending } from './sending.ts'

/** What this page tells others about its devices. */
export const describeDevices = (devices: OwnedDevices): WireDevices => ({
  mic: devices.hasMic,
  cameras: devices.cameras.slice(0, 16).map(({ videoID, name }) => ({ videoID, name })),
  defaultVideo: devices.defaultVideo,
  multiVideo: devices.multiVideo,
})

/** My half of the meeting: devices, their status, and what others are told of them. */
export interface OwnMember {
  readonly mic: OwnedDevice
  readonly camera: OwnedDevice
  /** My entry of the member list: this page knows better than the server. */
  overlay(nickName: string): MemberInfo
  stream(videoID: number): MediaStream | null
  /** What is sent of my microphone: one stream, or none while it is not open. */
  readonly sound: readonly MediaStream[]
  /** Synchronous: capture is released when it returns; nothing is emitted. */
  release(): void
}

export interface OwnMemberDeps {
  readonly me: string
  readonly send: Send
  readonly devices: OwnedDevices
  readonly media: MeetingMedia | null
  readonly events: Emitter<MeetingEvents>
  /** My cameras or their pictures changed; runs before listeners. */
  changed(): void
}

export const createOwnMember = (deps: OwnMemberDeps): OwnMember => {
  const { me, send, devices, media, events } = deps
  const sending = createSending(send, devices, media)
  let sound: { track: MediaStreamTrack; stream: MediaStream } | null = null
  const streams = new Map<number, { track: MediaStreamTrack; stream: MediaStream }>()
  let announced = describeDevices(devices)
  let refitting = false
  let released = false

  const stream = (videoID: number): MediaStream | null => {
    const track = devices.cameraTrack(videoID)
    if (!track) {
      streams.delete(videoID)
      return null
    }
    const known = streams.get(videoID)
    if (known?.track === track) return known.stream
    const fresh = new MediaStream([track])
    streams.set(videoID, { track, stream: fresh })
    return fresh
  }

  const showPictures = (videoIDs: readonly number[]) => {
    deps.changed()
    for (const videoID of videoIDs)
      events.emit('video', {
        userID: me,
        videoID,
        stream: sending.cameras.includes(videoID) ? stream(videoID) : null,
      })
  }

  const tellClosed = async (kind: 'mic' | 'camera') => {
    if (media) await send('members.close', { userID: me, kind })
  }

  const mic = createOwnDevice({
    exists: () => devices.hasMic,
    start: sending.startMic,
    stop: sending.stopMic,
    tellClosed: () => tellClosed('mic'),
    emit: (old: DeviceStatus, now: DeviceStatus) =>
      events.emit('audioStatus', { userID: me, old, now }),
  })

  let shown: readonly number[] = []
  const camera = createOwnDevice({
    exists: () => devices.cameras.length > 0,
    start: sending.startCameras,
    stop: sending.stopCameras,
    tellClosed: () => tellClosed('camera'),
    emit(old, now) {
      deps.changed()
      events.emit('videoStatus', { userID: me, old, now })
      if (now === 3) {
        shown = sending.cameras
        showPictures(shown)
        void refit()
      } else if (old === 3) {
        const gone = shown
        shown = []
        showPictures(gone)
      }
    },
  })

  const upToDate = () => sending.wanted().join() === sending.cameras.join()

  /** Sends another set of cameras while open; the status stays 3 (spec 08 §2). */
  const refit = async () => {
    if (refitting) return
    refitting = true
    const before = sending.cameras
    try {
      // One change per turn: the list may have changed again while capture started.
      if (!released && camera.status === 3 && !upToDate())
        await sending.startCameras(new AbortController().signal)
    } catch (error) {
      console.warn(error)
      if (camera.status === 3 && before.every((videoID) => !devices.cameraTrack(videoID)))
        camera.close()
    } finally {
      refitting = false
    }
    if (released || camera.status !== 3 || before.join() === sending.cameras.join()) return
    const pictures = [...new Set([...shown, ...sending.cameras])]
    shown = sending.cameras
    deps.changed()
    if (isOtherSet(before, sending.cameras))
      events.emit('videoStatus', { userID: me, old: 3, now: 3 })
    showPictures(pictures)
    void refit()
  }

  const announce = () => {
    const now = describeDevices(devices)
    const before = announced
    if (JSON.stringify(now) === JSON.stringify(before)) return
    announced = now
    send('members.setDevices', now).catch((error: unknown) => console.warn(error))
    deps.changed()
    mic.refresh()
    camera.refresh()
    const listText = (list: WireDevices) => JSON.stringify([list.cameras, list.multiVideo])
    const ids = (list: WireDevices) => list.cameras.map(({ videoID }) => videoID).join()
    if (listText(now) !== listText(before))
      events.emit('cameras', { userID: me, changed: ids(now) !== ids(before) })
    if (now.defaultVideo !== before.defaultVideo)
      events.emit('defaultVideo', { userID: me, videoID: now.defaultVideo })
    void refit()
  }

  const subscriptions = [
    devices.on('audioChanged', announce),
    devices.on('camerasChanged', announce),
    devices.onConfig(announce),
    devices.onTrack((kind, videoID, track) => {
      sending.replaced({ kind, videoID, track })
      if (kind === 'camera' && sending.cameras.includes(videoID)) showPictures([videoID])
    }),
  ]

  return {
    mic,
    camera,
    overlay: (nickName) => ({
      userID: me,
      nickName,
      audio: mic.status,
      video: camera.status,
      cameras: announced.cameras,
      sending: camera.status === 3 ? sending.cameras : [],
      defaultVideo: announced.defaultVideo,
      multiVideo: announced.multiVideo,
    }),
    stream,
    get sound() {
      const track = mic.status === 3 ? devices.micTrack() : null
      if (!track) return []
      if (sound?.track !== track) sound = { track, stream: new MediaStream([track]) }
      return [sound.stream]
    },
    release() {
      if (released) return
      released = true
      for (const off of subscriptions) off()
      mic.release()
      camera.release()
    },
  }
}

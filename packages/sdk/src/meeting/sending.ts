import { deviceError } from '../devices/device-error.ts'
import { YuntangError } from '../errors.ts'
import type { Send } from '../link/link.ts'
import type { LocalTrack, MeetingMedia, OwnedDevices } from '../media/port.ts'

/** What this page captures for the meeting and publishes. */
export interface Sending {
  /** Cameras sent now, default first. */
  readonly cameras: readonly number[]
  /** Cameras that ought to be sent: the default one, or all in multi-camera mode (spec 08 §6). */
  wanted(): readonly number[]
  startMic(signal: AbortSignal): Promise<void>
  stopMic(): void
  /** Also replaces the set while open. */
  startCameras(signal: AbortSignal): Promise<void>
  stopCameras(): void
  /** Capture was exchanged. */
  replaced(track: LocalTrack): void
}

/** `media` null: nothing is published and the server is not asked (spec 08 §2.2). */
export const createSending = (
  send: Send,
  devices: OwnedDevices,
  media: MeetingMedia | null,
): Sending => {
  let mic: LocalTrack | null = null
  let cameras: LocalTrack[] = []
  let sending: readonly number[] = []

  const publish = async () => {
    await media?.publish(mic ? [mic, ...cameras] : cameras)
  }
  /** After a stop nobody waits: a broken connection repairs itself and publishes what is left. */
  const withdraw = () => {
    publish().catch((error: unknown) => console.warn(error))
  }

  const wanted = () => {
    const first = devices.defaultVideo
    if (!first) return []
    const others = devices.multiVideo
      ? devices.cameras.map(({ videoID }) => videoID).filter((videoID) => videoID !== first)
      : []
    return [first, ...others].slice(0, 16)
  }

  /** One broken camera does not keep the others from being sent. */
  const captureAll = async (signal: AbortSignal): Promise<LocalTrack[]> => {
    const tracks: LocalTrack[] = []
    let failure: unknown = new YuntangError('device.none')
    for (const videoID of wanted()) {
      try {
        tracks.push({ kind: 'camera', videoID, track: await devices.captureCamera(videoID) })
      } catch (error) {
        failure = error
      }
      signal.throwIfAborted()
    }
    if (tracks.length === 0) throw failure
    return tracks
  }

  const mapped = async (work: () => Promise<void>) => {
    try {
      await work()
    } catch (error) {
      throw deviceError(error)
    }
  }

  return {
    get cameras() {
      return sending
    },
    wanted,
    startMic: (signal) =>
      mapped(async () => {
        const track = await devices.captureMic()
        signal.throwIfAborted()
        mic = { kind: 'mic', videoID: 0, track }
        await publish()
        signal.throwIfAborted()
        if (media) await send('members.openMic', {}, signal)
      }),
    stopMic() {
      devices.releaseMic()
      if (!mic) return
      mic = null
      withdraw()
    },
    startCameras: (signal) =>
      mapped(async () => {
        const tracks = await captureAll(signal)
        const ids = tracks.map(({ videoID }) => videoID)
        for (const { videoID } of cameras)
          if (!ids.includes(videoID)) devices.releaseCamera(videoID)
        cameras = tracks
        sending = ids
        await publish()
        signal.throwIfAborted()
        if (media) await send('members.openCamera', { sending: [...ids] }, signal)
      }),
    stopCameras() {
      devices.releaseCameras()
      sending = []
      if (cameras.length === 0) return
      cameras = []
      withdraw()
    },
    replaced(fresh) {
      const same = (track: LocalTrack) =>
        track.kind === fresh.kind && track.videoID === fresh.videoID
      if (mic && same(mic)) mic = fresh
      else if (cameras.some(same)) cameras = cameras.map((old) => (same(old) ? fresh : old))
      else return
      media?.replace(fresh.kind, fresh.videoID, fresh.track)
    },
  }
}

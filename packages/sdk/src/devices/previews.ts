import type { CameraPreview, Cancellable, MicPreview } from '../api.ts'
import { YuntangError } from '../errors.ts'
import { levelOf } from '../media/energy-scale.ts'
import { deviceError } from './device-error.ts'

/** The captures that previews share with a meeting; each preview is a user of its own. */
export interface PreviewSources {
  defaultVideo(): Promise<number>
  takeMic(user: object): Promise<MediaStreamTrack>
  dropMic(user: object): void
  takeCamera(videoID: number, user: object): Promise<MediaStreamTrack>
  dropCamera(videoID: number, user: object): void
  /** dBFS */
  micLevel(): number
}

/** The device is dropped again when opening it failed or nobody waits for it any more. */
const taken = async <T>(work: Promise<T>, drop: () => void, signal?: AbortSignal): Promise<T> => {
  try {
    const got = await work
    signal?.throwIfAborted()
    return got
  } catch (error) {
    drop()
    throw signal?.aborted ? signal.reason : deviceError(error)
  }
}

/** Devices open for this page alone. */
export const createPreviews = (sources: PreviewSources) => ({
  async camera({ signal }: Cancellable = {}): Promise<CameraPreview> {
    signal?.throwIfAborted()
    const videoID = await sources.defaultVideo()
    signal?.throwIfAborted()
    if (videoID === 0) throw new YuntangError('device.none')
    const user = {}
    const drop = () => sources.dropCamera(videoID, user)
    const track = await taken(sources.takeCamera(videoID, user), drop, signal)
    return { videoID, stream: new MediaStream([track]), close: drop }
  },
  async mic({ signal }: Cancellable = {}): Promise<MicPreview> {
    signal?.throwIfAborted()
    const user = {}
    let open = true
    const drop = () => {
      open = false
      sources.dropMic(user)
    }
    await taken(sources.takeMic(user), drop, signal)
    return {
      get level() {
        return open ? levelOf(sources.micLevel()) : 0
      },
      close: drop,
    }
  },
})

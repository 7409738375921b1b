import type { VideoConfig } from '../api.ts'
import { captureTrack } from './capture.ts'
import { cameraConstraints } from './video-config.ts'

export interface CamerasDeps {
  readonly video: () => VideoConfig
  /** Browser's identifier of a camera; null when there is no such camera. */
  readonly deviceId: (videoID: number) => string | null
  /** A camera was captured; `deviceId` tells which one a nameless camera turned out to be. */
  readonly captured: (videoID: number, deviceId: string) => void
  /** A running capture ended by itself. */
  readonly lost: (videoID: number) => void
}

interface Capture {
  /** Null while opening. */
  track: MediaStreamTrack | null
  readonly ready: Promise<MediaStreamTrack>
}

/** The page's open cameras. */
export class Cameras {
  readonly #open = new Map<number, Capture>()
  readonly #deps: CamerasDeps

  constructor(deps: CamerasDeps) {
    this.#deps = deps
  }

  get openIDs(): number[] {
    return [...this.#open.keys()]
  }

  track(videoID: number): MediaStreamTrack | null {
    return this.#open.get(videoID)?.track ?? null
  }

  open(videoID: number): Promise<MediaStreamTrack> {
    const running = this.#open.get(videoID)
    if (running) return running.ready
    const capture: Capture = { track: null, ready: this.#capture(videoID, () => capture) }
    this.#open.set(videoID, capture)
    capture.ready.catch(() => {
      if (this.#open.get(videoID) === capture) this.#open.delete(videoID)
    })
    return capture.ready
  }

  release(videoID: number): void {
    this.#open.get(videoID)?.track?.stop()
    this.#open.delete(videoID)
  }

  releaseAll(): void {
    for (const videoID of this.openIDs) this.release(videoID)
  }

  /** Brings running captures to the present configuration. */
  applyConfig(): void {
    const constraints = cameraConstraints(this.#deps.video())
    for (const { track } of this.#open.values())
      track?.applyConstraints(constraints).catch((error) => {
        console.warn('The camera keeps its former size:', error)
      })
  }

  async #capture(videoID: number, self: () => Capture): Promise<MediaStreamTrack> {
    const deviceId = this.#deps.deviceId(videoID)
    if (deviceId === null) throw new DOMException('There is no such camera', 'NotFoundError')
    const which = deviceId === '' ? { facingMode: 'user' } : { deviceId: { exact: deviceId } }
    const constraints = { ...cameraConstraints(this.#deps.video()), ...which }
    const track = await captureTrack('video', constraints)
    if (this.#open.get(videoID) !== self()) {
      track.stop()
      throw new DOMException('The camera was closed meanwhile', 'AbortError')
    }
    self().track = track
    track.addEventListener('ended', () => {
      if (this.#open.get(videoID)?.track === track) this.#deps.lost(videoID)
    })
    this.#deps.captured(videoID, track.getSettings().deviceId ?? deviceId)
    return track
  }
}

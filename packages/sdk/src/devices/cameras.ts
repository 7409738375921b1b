import type { VideoConfig } from '../api.ts'
import { CameraCapture } from './camera-capture.ts'
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
  /** A running capture goes on with another track. */
  readonly exchanged: (videoID: number, track: MediaStreamTrack) => void
}

interface Opening {
  /** Null while opening. */
  capture: CameraCapture | null
  readonly ready: Promise<MediaStreamTrack>
}

const closedMeanwhile = () => new DOMException('The camera was closed meanwhile', 'AbortError')

/** The page's open cameras. */
export class Cameras {
  readonly #open = new Map<number, Opening>()
  readonly #deps: CamerasDeps

  constructor(deps: CamerasDeps) {
    this.#deps = deps
  }

  get openIDs(): number[] {
    return [...this.#open.keys()]
  }

  track(videoID: number): MediaStreamTrack | null {
    return this.#open.get(videoID)?.capture?.track ?? null
  }

  open(videoID: number): Promise<MediaStreamTrack> {
    const running = this.#open.get(videoID)
    if (running) return running.ready
    const opening: Opening = { capture: null, ready: this.#capture(videoID, () => opening) }
    this.#open.set(videoID, opening)
    opening.ready.catch(() => {
      if (this.#open.get(videoID) === opening) this.#open.delete(videoID)
    })
    return opening.ready
  }

  release(videoID: number): void {
    this.#open.get(videoID)?.capture?.stop()
    this.#open.delete(videoID)
  }

  releaseAll(): void {
    for (const videoID of this.openIDs) this.release(videoID)
  }

  /** Brings running captures to the present configuration. */
  applyConfig(): void {
    for (const [videoID, { capture }] of this.#open)
      capture
        ?.change(this.#deps.video())
        .then((another) => {
          const isOpen = this.#open.get(videoID)?.capture === capture
          if (another && isOpen) this.#deps.exchanged(videoID, capture.track)
        })
        .catch((error) => console.warn('The camera keeps its former size:', error))
  }

  async #capture(videoID: number, self: () => Opening): Promise<MediaStreamTrack> {
    const deviceId = this.#deps.deviceId(videoID)
    if (deviceId === null) throw new DOMException('There is no such camera', 'NotFoundError')
    const which = deviceId === '' ? { facingMode: 'user' } : { deviceId: { exact: deviceId } }
    const constraints = { ...cameraConstraints(this.#deps.video()), ...which }
    const source = await captureTrack('video', constraints)
    const capture = await CameraCapture.of(source, this.#deps.video())
    if (this.#open.get(videoID) !== self()) {
      capture.stop()
      throw closedMeanwhile()
    }
    self().capture = capture
    source.addEventListener('ended', () => {
      if (this.#open.get(videoID)?.capture === capture) this.#deps.lost(videoID)
    })
    this.#deps.captured(videoID, source.getSettings().deviceId ?? deviceId)
    return capture.track
  }
}

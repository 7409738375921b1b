import type { Watch } from '../api.ts'
import { frameTimeOf } from './frame-time.ts'

/** The full size of a picture, whatever it is: lines to watch it with. */
export const WHOLE = 8192

/** Looks at a picture source without showing it, for pages that work with its pictures. */
export class Eye {
  readonly #video = document.createElement('video')
  readonly #watch: Watch
  readonly #onPicture: () => void
  #pending = 0
  #frameTime = 0

  /** `watch` begins to deliver the source's stream, now or later. */
  constructor(
    watch: (onStream: (stream: MediaStream | null) => void) => Watch,
    onPicture: () => void,
  ) {
    this.#onPicture = onPicture
    this.#video.muted = true
    this.#video.playsInline = true
    this.#watch = watch((stream) => this.#look(stream))
  }

  /** Milliseconds since 1970 of the newest picture, whole; 0 while there is none. */
  get frameTime(): number {
    return this.#frameTime
  }

  /** The newest picture; null while there is none. */
  picture(): ImageData | null {
    const { videoWidth: width, videoHeight: height } = this.#video
    if (this.#frameTime === 0 || width === 0 || height === 0) return null
    const canvas = document.createElement('canvas')
    canvas.width = width
    canvas.height = height
    const context = canvas.getContext('2d', { willReadFrequently: true })
    context?.drawImage(this.#video, 0, 0)
    return context?.getImageData(0, 0, width, height) ?? null
  }

  /** Lines from now on. */
  resize(height: number): void {
    this.#watch.resize(height)
  }

  close(): void {
    this.#watch.close()
    this.#look(null)
  }

  #look(stream: MediaStream | null): void {
    this.#video.cancelVideoFrameCallback(this.#pending)
    this.#frameTime = 0
    this.#video.srcObject = stream
    if (!stream) return
    this.#video.play().catch(() => {})
    this.#next()
  }

  #next(): void {
    this.#pending = this.#video.requestVideoFrameCallback((now, { captureTime }) => {
      this.#frameTime = frameTimeOf(now, captureTime)
      this.#next()
      this.#onPicture()
    })
  }
}

import type { Watch } from '../api.ts'
import type { Screen } from './api.ts'

/** The full size, whatever it is. */
const WHOLE = 8192

/** Looks at the share without showing it, for pages that work with its pictures. */
export class ScreenEye {
  readonly #video = document.createElement('video')
  readonly #watch: Watch
  /** Milliseconds since 1970 of the newest picture; 0 before the first. */
  frameTime = 0

  constructor(screen: Screen, onPicture: () => void) {
    this.#video.muted = true
    this.#video.playsInline = true
    const next = () =>
      this.#video.requestVideoFrameCallback((now) => {
        if (!this.#video.srcObject) return
        this.frameTime = Math.round(performance.timeOrigin + now)
        onPicture()
        next()
      })
    this.#watch = screen.watch({ height: WHOLE }, (stream) => {
      this.#video.srcObject = stream
      if (!stream) return
      this.#video.play().catch(() => {})
      next()
    })
  }

  /** The newest picture; null before the first. */
  picture(): ImageData | null {
    const { videoWidth: width, videoHeight: height } = this.#video
    if (this.frameTime === 0 || width === 0 || height === 0) return null
    const canvas = document.createElement('canvas')
    canvas.width = width
    canvas.height = height
    const context = canvas.getContext('2d', { willReadFrequently: true })
    context?.drawImage(this.#video, 0, 0)
    return context?.getImageData(0, 0, width, height) ?? null
  }

  get size(): { width: number; height: number } {
    return { width: this.#video.videoWidth, height: this.#video.videoHeight }
  }

  close(): void {
    this.#watch.close()
    this.#video.srcObject = null
  }
}

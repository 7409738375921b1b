import type { VideoConfig } from '../api.ts'
import { Cropper, cropOf, sizeOf } from './crop.ts'
import { cameraConstraints, videoSize } from './video-config.ts'

/** One captured camera: its own track, or a cropped one where the browser cannot crop. */
export class CameraCapture {
  readonly source: MediaStreamTrack
  #cropper: Cropper | null = null
  #stopped = false

  private constructor(source: MediaStreamTrack) {
    this.source = source
  }

  static async of(source: MediaStreamTrack, config: VideoConfig): Promise<CameraCapture> {
    const capture = new CameraCapture(source)
    await capture.#fit(config)
    return capture
  }

  /** What is sent and shown. */
  get track(): MediaStreamTrack {
    return this.#cropper?.track ?? this.source
  }

  /** Brings a running capture to the configuration; answers whether {@link track} is another one. */
  async change(config: VideoConfig): Promise<boolean> {
    const before = this.track
    try {
      await this.source.applyConstraints(cameraConstraints(config))
    } catch (error) {
      console.warn('The camera keeps its former size:', error)
    }
    await this.#fit(config)
    return this.track !== before
  }

  stop(): void {
    this.#stopped = true
    this.#cropper?.stop()
    this.source.stop()
  }

  async #fit(config: VideoConfig): Promise<void> {
    const wanted = videoSize(config)
    const size = await sizeOf(this.source)
    if (this.#stopped) return
    const mustCrop = size.width > 0 && cropOf(size, wanted) !== null
    if (mustCrop && this.#cropper) this.#cropper.change(wanted, config.fps)
    else if (mustCrop) this.#cropper = new Cropper(this.source, size, wanted, config.fps)
    else {
      this.#cropper?.stop()
      this.#cropper = null
    }
  }
}

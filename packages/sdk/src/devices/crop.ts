/** Width and height in pixels. */
export interface Size {
  readonly width: number
  readonly height: number
}

/** What of a source picture is sent, and how large. */
export interface Crop {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly out: Size
}

/** The table's sizes are rounded themselves. */
const TOLERANCE = 0.02
const isClose = (a: number, b: number) => Math.abs(a / b - 1) <= TOLERANCE

/** Sides of coded pictures are even. */
const even = (length: number) => Math.max(2, Math.round(length / 2) * 2)

/**
 * The centre of the picture in the wanted ratio, never enlarged; null when the source is as wanted
 * or smaller in the same ratio (spec 08 §7).
 */
export function cropOf(source: Size, wanted: Size): Crop | null {
  const ratio = wanted.width / wanted.height
  const width = Math.min(source.width, source.height * ratio)
  const height = Math.min(source.height, source.width / ratio)
  const scale = Math.min(1, wanted.width / width, wanted.height / height)
  const out = { width: even(width * scale), height: even(height * scale) }
  if (isClose(width, source.width) && isClose(height, source.height) && scale > 1 - TOLERANCE)
    return null
  return { x: (source.width - width) / 2, y: (source.height - height) / 2, width, height, out }
}

/** A picture size that a track has now; waits for the first picture where settings do not tell. */
export async function sizeOf(track: MediaStreamTrack): Promise<Size> {
  const { width, height } = track.getSettings()
  if (width && height) return { width, height }
  const video = playing(track)
  try {
    await new Promise((done) => {
      video.addEventListener('loadedmetadata', done, { once: true })
      track.addEventListener('ended', done, { once: true })
      setTimeout(done, FIRST_PICTURE_MS)
    })
    return { width: video.videoWidth, height: video.videoHeight }
  } finally {
    video.srcObject = null
  }
}

const FIRST_PICTURE_MS = 3_000

function playing(track: MediaStreamTrack): HTMLVideoElement {
  const video = document.createElement('video')
  video.muted = true
  video.playsInline = true
  video.srcObject = new MediaStream([track])
  video.play().catch(() => {})
  return video
}

/** Crops and shrinks a camera whose browser cannot (no `resizeMode: "crop-and-scale"`). */
export class Cropper {
  readonly #canvas = document.createElement('canvas')
  readonly #video: HTMLVideoElement
  readonly #out: MediaStream
  #wanted: Size
  #timer: ReturnType<typeof setInterval> | null = null
  #shown = -1

  constructor(source: MediaStreamTrack, size: Size, wanted: Size, fps: number) {
    this.#wanted = wanted
    this.#video = playing(source)
    Object.assign(this.#canvas, cropOf(size, wanted)?.out ?? size)
    // Some browsers give no stream of a canvas that was never drawn on.
    this.#canvas.getContext('2d')
    this.#out = this.#canvas.captureStream()
    this.change(wanted, fps)
  }

  /** What is sent. */
  get track(): MediaStreamTrack {
    const [track] = this.#out.getVideoTracks()
    if (!track) throw new DOMException('The cropped camera gave no track', 'NotReadableError')
    return track
  }

  change(wanted: Size, fps: number): void {
    this.#wanted = wanted
    if (this.#timer !== null) clearInterval(this.#timer)
    this.#timer = setInterval(() => this.#draw(), 1000 / fps)
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer)
    this.#timer = null
    this.#video.srcObject = null
    for (const track of this.#out.getTracks()) track.stop()
  }

  #draw(): void {
    const { videoWidth: width, videoHeight: height, currentTime } = this.#video
    if (!width || !height || currentTime === this.#shown) return
    this.#shown = currentTime
    const crop = cropOf({ width, height }, this.#wanted)
    const out = crop?.out ?? { width, height }
    if (this.#canvas.width !== out.width) this.#canvas.width = out.width
    if (this.#canvas.height !== out.height) this.#canvas.height = out.height
    const from = crop ?? { x: 0, y: 0, width, height }
    this.#canvas
      .getContext('2d')
      ?.drawImage(this.#video, from.x, from.y, from.width, from.height, 0, 0, out.width, out.height)
  }
}

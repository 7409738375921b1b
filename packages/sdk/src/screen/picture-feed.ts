/** Widths and heights that a fed picture may have (spec 09 §4). */
const LEAST = 16
const MOST = { width: 7680, height: 4320 }

/** Pixels of a fed picture as 4 bytes red, green, blue, alpha; null when the data does not fit. */
export function readPicture(
  format: number,
  width: number,
  height: number,
  bytes: Uint8Array,
): ImageData | null {
  const whole = Number.isInteger(width) && Number.isInteger(height)
  if (!whole || Math.min(width, height) < LEAST) return null
  if (width > MOST.width || height > MOST.height) return null
  if (format === 1)
    return bytes.length === width * height * 4 ? fromBgra(width, height, bytes) : null
  const isEven = width % 2 === 0 && height % 2 === 0
  if (format !== 0 || !isEven || bytes.length !== (width * height * 3) / 2) return null
  return fromYuv(width, height, bytes)
}

const fromBgra = (width: number, height: number, bytes: Uint8Array): ImageData => {
  const image = new ImageData(width, height)
  const { data } = image
  for (let i = 0; i < data.length; i += 4) {
    data[i] = bytes[i + 2] as number
    data[i + 1] = bytes[i + 1] as number
    data[i + 2] = bytes[i] as number
    data[i + 3] = 255
  }
  return image
}

/** ITU-R BT.601, limited range, as cameras and old capture programs give it. */
const fromYuv = (width: number, height: number, bytes: Uint8Array): ImageData => {
  const image = new ImageData(width, height)
  const { data } = image
  const uAt = width * height
  const vAt = uAt + uAt / 4
  for (let row = 0, i = 0; row < height; row++)
    for (let column = 0; column < width; column++, i += 4) {
      const chroma = (row >> 1) * (width >> 1) + (column >> 1)
      const y = 1.164 * ((bytes[row * width + column] as number) - 16)
      const u = (bytes[uAt + chroma] as number) - 128
      const v = (bytes[vAt + chroma] as number) - 128
      // The array clamps and rounds.
      data[i] = y + 1.596 * v
      data[i + 1] = y - 0.392 * u - 0.813 * v
      data[i + 2] = y + 2.017 * u
      data[i + 3] = 255
    }
  return image
}

/** A stream of pictures that the page makes itself (spec 09 §4): black until the first one. */
export class PictureFeed {
  readonly stream: MediaStream
  readonly #canvas = document.createElement('canvas')
  #newest: ImageData | null = null
  #timer: ReturnType<typeof setTimeout> | null = null
  #drawnAt = Number.NEGATIVE_INFINITY

  /** `fps` may change at any time. */
  constructor(private readonly fps: () => number) {
    this.#canvas.width = 640
    this.#canvas.height = 360
    this.#canvas.getContext('2d')?.fillRect(0, 0, 640, 360)
    this.stream = this.#canvas.captureStream()
  }

  /** At most so often as the rate allows: of what comes faster only the newest counts. */
  put(picture: ImageData): void {
    this.#newest = picture
    if (this.#timer !== null) return
    const wait = this.#drawnAt + 1000 / this.fps() - performance.now()
    if (wait <= 0) this.#draw()
    else this.#timer = setTimeout(() => this.#draw(), wait)
  }

  #draw(): void {
    this.#timer = null
    const picture = this.#newest
    if (!picture) return
    this.#newest = null
    this.#drawnAt = performance.now()
    if (this.#canvas.width !== picture.width) this.#canvas.width = picture.width
    if (this.#canvas.height !== picture.height) this.#canvas.height = picture.height
    this.#canvas.getContext('2d')?.putImageData(picture, 0, 0)
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    for (const track of this.stream.getTracks()) track.stop()
  }
}

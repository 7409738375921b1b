import { flag, text } from '../convert.ts'
import {
  download,
  encodeCanvas,
  type PictureFormat,
  pictureFormat,
  pictureTarget,
  toBase64,
} from '../picture/picture-file.ts'
import { Container } from './container.ts'

const MEETPARAM_ERR = 5
const ERR_DATA = 6
const INNER_ERR = 3

/** A container with one picture: ratio, emptiness and saving (spec 13 §1.4, §6). */
export class PictureContainer extends Container {
  protected readonly video = document.createElement('video')
  private keepRatio = true
  private shown = false
  private frameTime = 0
  private frameLoop = 0

  constructor(kind: string) {
    super(kind)
    this.video.muted = true
    this.video.autoplay = true
    this.video.playsInline = true
    this.video.style.cssText =
      'display:block;width:100%;height:100%;object-fit:contain;visibility:hidden;background:#000'
    this.video.addEventListener('loadeddata', () => this.frame(performance.now()))
    this.video.addEventListener('pause', () => this.resume())
    this.root.append(this.video)
  }

  /** Removes the shown picture; the next frame appears again. */
  clear(): void {
    this.hidePicture()
    this.nextFrame()
  }

  isPicEmpty(): boolean {
    return !this.shown
  }

  keepAspectRatio(value?: unknown): boolean | undefined {
    if (value === undefined) return this.keepRatio
    this.keepRatio = flag(value)
    this.video.style.objectFit = this.keepRatio ? 'contain' : 'fill'
    return undefined
  }

  /** 0 when the download has begun, 5 for a bad path or format, 6 without a picture, 3 otherwise. */
  savePic(pathFileName?: unknown): number {
    const target = pictureTarget(text(pathFileName))
    if (!target) return MEETPARAM_ERR
    if (this.isPicEmpty()) return ERR_DATA
    const bytes = this.encode(target.format)
    if (bytes.length === 0) return INNER_ERR
    download(target.name, target.format, bytes)
    return 0
  }

  savePicToFile(pathFileName?: unknown): number {
    return this.savePic(pathFileName)
  }

  savePicToBase64(format?: unknown): string {
    return toBase64(this.savePicToArray(format))
  }

  savePicToArray(format?: unknown): Uint8Array {
    const known = pictureFormat(text(format) || 'png')
    return known && !this.isPicEmpty() ? this.encode(known) : new Uint8Array()
  }

  /** Milliseconds since 1970 of the shown picture; 0 if empty. */
  getPicFrameTime(): number {
    return this.isPicEmpty() ? 0 : this.frameTime
  }

  /** Shows a stream; null makes the container empty. */
  protected showStream(stream: MediaStream | null): void {
    if (this.video.srcObject === stream) return
    this.video.srcObject = stream
    if (stream) {
      this.resume()
      this.nextFrame()
    } else this.hidePicture()
  }

  /** Browsers pause an element that leaves the document; pages move theirs about freely. */
  protected resume(): void {
    if (!this.video.srcObject || !this.video.paused || !this.video.isConnected) return
    this.video.play().catch(() => undefined)
  }

  protected hidePicture(): void {
    this.shown = false
    this.video.style.visibility = 'hidden'
  }

  private nextFrame(): void {
    if (!this.video.srcObject || !('requestVideoFrameCallback' in this.video)) return
    this.video.cancelVideoFrameCallback(this.frameLoop)
    this.frameLoop = this.video.requestVideoFrameCallback((now, frame) => {
      this.frame(frame.captureTime ?? now)
      this.nextFrame()
    })
  }

  private frame(at: number): void {
    if (!this.video.srcObject) return
    this.frameTime = Math.round(performance.timeOrigin + at)
    if (this.shown) return
    this.shown = true
    this.video.style.visibility = 'inherit'
  }

  private encode(format: PictureFormat): Uint8Array<ArrayBuffer> {
    const canvas = document.createElement('canvas')
    canvas.width = this.video.videoWidth
    canvas.height = this.video.videoHeight
    const context = canvas.getContext('2d')
    if (!context || canvas.width === 0 || canvas.height === 0) return new Uint8Array()
    try {
      context.drawImage(this.video, 0, 0)
      return encodeCanvas(canvas, format)
    } catch {
      return new Uint8Array()
    }
  }
}

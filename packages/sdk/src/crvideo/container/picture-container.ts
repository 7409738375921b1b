import { downloadBlob, pageFiles } from '../../files/page-files.ts'
import { frameTimeOf } from '../../raw/frame-time.ts'
import { flag, text } from '../convert.ts'
import {
  encodeCanvas,
  type PictureFormat,
  pictureFormat,
  pictureTarget,
  toBase64,
} from '../picture/picture-file.ts'
import { warn } from '../warn.ts'
import { createBox } from './box.ts'
import { Container } from './container.ts'
import { Still } from './still.ts'
import { ensureStyleSheet } from './style-sheet.ts'

const MEETPARAM_ERR = 5
const ERR_DATA = 6
const INNER_ERR = 3
const RECORD_NO_DISK = 902

/** A container with one picture: ratio, emptiness and saving (spec 13 §1.4, §6). */
export class PictureContainer extends Container {
  protected readonly video = document.createElement('video')
  /** Carries everything private, whatever `position` the page gives the element. */
  protected readonly box = createBox(() => ensureStyleSheet(this.root.getRootNode()))
  private still: Still | null = null
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
    if (!('requestVideoFrameCallback' in HTMLVideoElement.prototype))
      this.video.addEventListener('timeupdate', () => this.frame(performance.now()))
    this.box.append(this.video)
    this.root.append(this.box)
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
    const fit = this.keepRatio ? 'contain' : 'fill'
    this.video.style.objectFit = fit
    if (this.still) this.still.fit = fit
    return undefined
  }

  /**
   * 0 when the download has begun and the file is in the store's index, 5 for a bad path or format, 6
   * without a picture, 902 without room, 3 otherwise.
   */
  savePic(pathFileName?: unknown): number {
    const path = text(pathFileName)
    const target = pictureTarget(path)
    if (!target) return MEETPARAM_ERR
    if (this.isPicEmpty()) return ERR_DATA
    const bytes = this.encode(target.format)
    if (bytes.length === 0) return INNER_ERR
    const files = pageFiles()
    const picture = new Blob([bytes], { type: `image/${target.format}` })
    files.put(path, picture).catch((error: unknown) => warn('the picture is not kept', error))
    downloadBlob(picture, target.name)
    return files.exists(path) ? 0 : RECORD_NO_DISK
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

  /** Shows a stream; null makes the container empty, unless the last picture is to stay. */
  protected showStream(stream: MediaStream | null, keepLast = false): void {
    if (this.video.srcObject === stream) {
      if (!stream && !keepLast) this.hidePicture()
      return
    }
    if (!stream && keepLast && this.shown) this.hold()
    this.video.srcObject = stream
    if (stream) {
      this.resume()
      this.nextFrame()
    } else if (!this.still) this.hidePicture()
  }

  /** The last picture stands still. */
  protected get isHeld(): boolean {
    return this.still !== null
  }

  private hold(): void {
    this.still ??= Still.of(this.video)
    this.video.style.visibility = 'hidden'
  }

  private letGo(): void {
    this.still?.remove()
    this.still = null
  }

  /** Browsers pause an element that leaves the document; pages move theirs about freely. */
  protected resume(): void {
    if (!this.video.srcObject || !this.video.paused || !this.video.isConnected) return
    this.video.play().catch(() => undefined)
  }

  protected hidePicture(): void {
    this.shown = false
    this.letGo()
    this.video.style.visibility = 'hidden'
  }

  private nextFrame(): void {
    if (!this.video.srcObject || !('requestVideoFrameCallback' in this.video)) return
    this.video.cancelVideoFrameCallback(this.frameLoop)
    this.frameLoop = this.video.requestVideoFrameCallback((now, frame) => {
      this.frame(now, frame.captureTime)
      this.nextFrame()
    })
  }

  private frame(now: number, captured?: number): void {
    if (!this.video.srcObject) return
    this.frameTime = frameTimeOf(now, captured)
    if (this.shown && !this.still) return
    this.shown = true
    this.letGo()
    this.video.style.visibility = 'inherit'
    this.pictureShown()
  }

  /** A picture appeared where none was. */
  protected pictureShown(): void {}

  /** What belongs onto a saved picture of that size. */
  protected decorate(_context: CanvasRenderingContext2D, _width: number, _height: number): void {}

  private encode(format: PictureFormat): Uint8Array<ArrayBuffer> {
    const canvas = document.createElement('canvas')
    const source = this.still?.canvas ?? this.video
    canvas.width = this.still?.canvas.width ?? this.video.videoWidth
    canvas.height = this.still?.canvas.height ?? this.video.videoHeight
    const context = canvas.getContext('2d')
    if (!context || canvas.width === 0 || canvas.height === 0) return new Uint8Array()
    try {
      context.drawImage(source, 0, 0)
      this.decorate(context, canvas.width, canvas.height)
      return encodeCanvas(canvas, format)
    } catch {
      return new Uint8Array()
    }
  }
}

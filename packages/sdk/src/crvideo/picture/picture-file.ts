import { encodeBmp } from './bmp.ts'
import { encodeGif } from './gif.ts'

/** Formats of a saved picture (spec 13 §1.4). */
export type PictureFormat = 'bmp' | 'png' | 'gif' | 'jpeg'

const FORMATS: Readonly<Record<string, PictureFormat>> = {
  bmp: 'bmp',
  png: 'png',
  gif: 'gif',
  jpg: 'jpeg',
  jpeg: 'jpeg',
}

/** The format named by `png`, `.PNG` and the like; null when it is none of ours. */
export function pictureFormat(name: string): PictureFormat | null {
  const key = name.trim().replace(/^\./, '').toLowerCase()
  return Object.hasOwn(FORMATS, key) ? (FORMATS[key] ?? null) : null
}

/** Last component and format of a path, which may look like a URL; null when either is missing. */
export function pictureTarget(path: string): { name: string; format: PictureFormat } | null {
  const name = path.trim().split(/[\\/]/).at(-1) ?? ''
  const dot = name.lastIndexOf('.')
  const format = dot > 0 ? pictureFormat(name.slice(dot + 1)) : null
  return format && { name, format }
}

/** Bytes of base64 text. */
export function fromBase64(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))
}

/** Base64 of bytes, in pieces small enough for one call. */
export function toBase64(bytes: Uint8Array): string {
  let binary = ''
  for (let at = 0; at < bytes.length; at += 0x8000) {
    binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000))
  }
  return btoa(binary)
}

/** Encodes what a canvas holds. */
export function encodeCanvas(
  canvas: HTMLCanvasElement,
  format: PictureFormat,
): Uint8Array<ArrayBuffer> {
  const { width, height } = canvas
  if (format === 'bmp' || format === 'gif') {
    const context = canvas.getContext('2d')
    if (!context) return new Uint8Array()
    const pixels = context.getImageData(0, 0, width, height)
    return format === 'bmp' ? encodeBmp(pixels) : encodeGif(pixels)
  }
  const url = canvas.toDataURL(`image/${format}`, 0.92)
  return fromBase64(url.slice(url.indexOf(',') + 1))
}

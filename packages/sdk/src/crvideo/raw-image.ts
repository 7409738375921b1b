import { toBase64 } from './picture/picture-file.ts'

const ARGB32 = 1

/** JSON text of the image that is none (spec 08 §1). */
export const EMPTY_IMAGE = JSON.stringify({
  format: ARGB32,
  dat: '',
  width: 0,
  height: 0,
  frameTime: 0,
})

/** JSON text of a picture as `CRVideo_VideoImgObj`; the picture's own data is used up. */
export function rawImage(image: ImageData | null, frameTime: number): string {
  if (!image) return EMPTY_IMAGE
  const { data, width, height } = image
  // Blue first (spec 08 §1).
  for (let i = 0; i < data.length; i += 4) {
    const red = data[i] as number
    data[i] = data[i + 2] as number
    data[i + 2] = red
    data[i + 3] = 255
  }
  const dat = toBase64(new Uint8Array(data.buffer))
  return JSON.stringify({ format: ARGB32, dat, width, height, frameTime })
}

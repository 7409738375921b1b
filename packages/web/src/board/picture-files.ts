import type { Meeting } from '@yuntang/sdk'
import type { Size } from './elements.ts'
import { decode } from './use-pictures.ts'

/** Larger pictures are made smaller before they are sent, pixels along the longer side. */
const LONGEST = 2400
/** Smaller files are sent as they are. */
const SMALL_BYTES = 1024 * 1024
const PLAIN = /^image\/(png|jpeg|webp|gif)$/

/** A canvas as a file: as WebP where the browser writes it, else as PNG. */
export const fileOf = (canvas: HTMLCanvasElement, type = 'image/webp'): Promise<Blob> =>
  new Promise((resolve, reject) =>
    canvas.toBlob(
      (blob) => (blob ? resolve(blob) : reject(new Error('The picture is too large'))),
      type,
      0.92,
    ),
  )

/** Its size, and what is sent of it; rejects what is no picture. */
export const preparePicture = async (file: Blob): Promise<{ blob: Blob; size: Size }> => {
  const picture = await decode(file)
  try {
    const { width, height } = picture
    const by = Math.min(1, LONGEST / Math.max(width, height))
    if (by === 1 && file.size <= SMALL_BYTES && PLAIN.test(file.type))
      return { blob: file, size: { width, height } }
    const canvas = document.createElement('canvas')
    canvas.width = Math.max(1, Math.round(width * by))
    canvas.height = Math.max(1, Math.round(height * by))
    canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height)
    return { blob: await fileOf(canvas), size: { width, height } }
  } finally {
    picture.close()
  }
}

const ENDINGS: Readonly<Record<string, string>> = {
  'image/webp': 'webp',
  'image/jpeg': 'jpg',
  'image/gif': 'gif',
}

/** Puts a picture on the net disk, as a file of the program (spec 12 §3); answers its ID. */
export const sendPicture = async (
  { netdisk }: Meeting,
  blob: Blob,
  signal?: AbortSignal,
): Promise<string> => {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  const hex = [...bytes].map((one) => one.toString(16).padStart(2, '0')).join('')
  const name = `board.${ENDINGS[blob.type] ?? 'png'}`
  const fileID = `1_${hex}_${name}`
  const transfer = netdisk.upload(blob, { fileID, name })
  const cancel = () => transfer.cancel()
  signal?.addEventListener('abort', cancel)
  try {
    await transfer.done
  } finally {
    signal?.removeEventListener('abort', cancel)
  }
  return fileID
}

/** Where a picture stands: not larger than 60 % of the page, around a place. */
export const placePicture = (
  picture: Size,
  page: Size,
  { x, y }: { x: number; y: number },
): { left: number; top: number; width: number; height: number } => {
  const by = Math.min(1, (page.width * 0.6) / picture.width, (page.height * 0.6) / picture.height)
  const width = Math.round(picture.width * by)
  const height = Math.round(picture.height * by)
  const inside = (middle: number, length: number, whole: number) =>
    Math.round(Math.max(0, Math.min(whole - length, middle - length / 2)))
  return { left: inside(x, width, page.width), top: inside(y, height, page.height), width, height }
}

import type { Files } from '../../api.ts'
import { number, text } from '../convert.ts'

const PLANES = { yuv420p: 'I420', rgb32: 'BGRX' } as const

const bytesOf = (base64: string) =>
  Uint8Array.from(atob(base64.replace(/^data:[^,]*,/, '')), (char) => char.charCodeAt(0))

/** The picture that CRVideo_SetPicResource is given; rejects when it cannot be decoded. */
export const readPicture = async (
  given: Record<string, unknown>,
  files: Files,
): Promise<ImageBitmap> => {
  const kind = text(given.fmt).trim()
  const data = text(given.dat)
  if (kind === 'picfile') {
    const blob = await files.read(data)
    if (!blob) throw new Error(`no file ${data}`)
    return await createImageBitmap(blob)
  }
  if (kind === 'picdat') return await createImageBitmap(new Blob([bytesOf(data)]))
  if (kind !== 'yuv420p' && kind !== 'rgb32') throw new Error(`unknown format ${kind}`)
  const frame = new VideoFrame(bytesOf(data), {
    format: PLANES[kind],
    codedWidth: number(given.width),
    codedHeight: number(given.height),
    timestamp: 0,
  })
  try {
    return await createImageBitmap(frame)
  } finally {
    frame.close()
  }
}

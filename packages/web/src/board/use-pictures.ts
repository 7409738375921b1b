import type { Meeting } from '@yuntang/sdk'
import { onScopeDispose } from 'vue'
import { createPictures, type PictureSource } from './pictures.ts'

const MOST_BYTES = 48 * 1024 * 1024
/** Larger ones are made smaller, pixels along the longer side. */
const LONGEST = 4096

const blobOf = async ({ netdisk }: Meeting, { fileID, data }: PictureSource): Promise<Blob> => {
  if (!fileID) return (await fetch(data)).blob()
  const transfer = netdisk.fetch(fileID)
  transfer.on('progress', ({ total }) => {
    if (total > MOST_BYTES) transfer.cancel()
  })
  return (await transfer.done).blob
}

/** A picture as it is painted; rejects what is none. */
export const decode = async (blob: Blob): Promise<ImageBitmap> => {
  const whole = await createImageBitmap(blob)
  const by = LONGEST / Math.max(whole.width, whole.height)
  if (by >= 1) return whole
  const size = {
    resizeWidth: Math.round(whole.width * by),
    resizeHeight: Math.round(whole.height * by),
  }
  const smaller = await createImageBitmap(whole, size)
  whole.close()
  return smaller
}

/** The pictures of the meeting's boards until the calling scope ends. */
export const usePictures = (meeting: Meeting) => {
  const listeners = new Set<(key: string) => void>()
  const pictures = createPictures<ImageBitmap>({
    load: async (source) => decode(await blobOf(meeting, source)),
    pixels: ({ width, height }) => width * height,
    free: (picture) => picture.close(),
    arrived: (key) => {
      for (const listener of [...listeners]) listener(key)
    },
    after(ms, run) {
      const timer = setTimeout(run, ms)
      return () => clearTimeout(timer)
    },
  })
  onScopeDispose(() => {
    listeners.clear()
    pictures.close()
  })
  return {
    ...pictures,
    onArrived(listener: (key: string) => void) {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
  }
}

export type Pictures = ReturnType<typeof usePictures>

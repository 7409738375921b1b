import { YuntangError } from '../errors.ts'
import type { PlainContent } from '../files/sealed/plain-content.ts'
import type { Piece, Pieces } from './pieces.ts'
import type { MediaSource as Source } from './source.ts'

/** Seconds of the file that the element has before and behind the position. */
const AHEAD = 15
const BEHIND = 15

const change = (buffer: SourceBuffer, begin: () => void): Promise<void> =>
  new Promise((resolve, reject) => {
    buffer.onupdateend = () => resolve()
    buffer.onerror = () => reject(new YuntangError('playing.damaged'))
    begin()
  })

/** Gives an element what it plays, piece by piece: a file of any length takes seconds of memory. */
export const createFeed = (content: PlainContent, pieces: Pieces): Source => {
  if (!globalThis.MediaSource?.isTypeSupported(pieces.mimeType))
    throw new YuntangError('playing.unsupported')
  const source = new MediaSource()
  const url = URL.createObjectURL(source)
  let closed = false

  const run = async (element: HTMLMediaElement) => {
    const buffer = source.addSourceBuffer(pieces.mimeType)
    const append = async (from: number, to: number) => {
      const bytes = await content.read(from, to)
      if (!closed) await change(buffer, () => buffer.appendBuffer(bytes))
    }
    const remove = (from: number, to: number) => change(buffer, () => buffer.remove(from, to))
    const isThere = (second: number) => {
      const { buffered } = buffer
      for (let i = 0; i < buffered.length; i++)
        if (buffered.start(i) <= second + 0.1 && second < buffered.end(i)) return true
      return false
    }
    /** What comes next; null behind the last. */
    let cursor: Piece | null = null
    let sought = true

    await append(0, pieces.head)
    // The last piece tells how long the file is.
    const last = await pieces.at(Number.POSITIVE_INFINITY)
    if (!last) throw new YuntangError('playing.damaged')
    await append(last.from, last.to)
    const { buffered } = buffer
    const end = buffered.length > 0 ? buffered.end(buffered.length - 1) : last.start
    await remove(0, Number.POSITIVE_INFINITY)
    if (!closed) source.duration = end

    /** Elements wait for good where a recording had no picture for a while. */
    const skipGap = () => {
      const { buffered } = buffer
      const now = element.currentTime
      for (let i = 1; i < buffered.length; i++) {
        const next = buffered.start(i)
        if (now >= buffered.end(i - 1) - 0.1 && now < next) element.currentTime = next
      }
    }

    /** False: nothing to do until the element moves. */
    const step = async (): Promise<boolean> => {
      const now = element.currentTime
      if (sought) {
        sought = false
        if (!isThere(now)) {
          await remove(0, Number.POSITIVE_INFINITY)
          cursor = await pieces.at(now)
        }
        return true
      }
      if (!cursor) {
        skipGap()
        if (source.readyState === 'open') source.endOfStream()
        return false
      }
      if (cursor.start > now + AHEAD) {
        skipGap()
        return false
      }
      await append(cursor.from, cursor.to)
      cursor = await pieces.next(cursor)
      if (now > 2 * BEHIND) await remove(0, now - BEHIND)
      return true
    }

    let running = false
    const pump = async () => {
      if (running) return
      running = true
      try {
        while (!closed && (await step()));
      } catch (error) {
        if (closed || source.readyState !== 'open') return
        console.warn('The media cannot be played any further:', error)
        source.endOfStream('decode')
      } finally {
        running = false
      }
    }
    element.addEventListener('timeupdate', pump)
    element.addEventListener('waiting', pump)
    element.addEventListener('seeking', () => {
      sought = true
      void pump()
    })
    await pump()
  }

  return {
    url,
    remote: false,
    follow(element) {
      const begin = () => {
        run(element).catch((error: unknown) => {
          if (closed || source.readyState !== 'open') return
          console.warn('The media cannot be played:', error)
          source.endOfStream('decode')
        })
      }
      source.addEventListener('sourceopen', begin, { once: true })
    },
    release() {
      closed = true
      URL.revokeObjectURL(url)
    },
  }
}

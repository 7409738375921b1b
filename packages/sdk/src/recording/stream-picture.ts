/** Takes the pictures out of a track; also in pages that are not seen. Missing in some browsers. */
interface TrackProcessor {
  readonly readable: ReadableStream<VideoFrame>
}
type TrackProcessorClass = new (init: { track: MediaStreamTrack }) => TrackProcessor

/** The newest picture of a stream. */
export interface StreamPicture {
  /** Null before the first one; valid until the next turn. */
  readonly now: { image: CanvasImageSource; width: number; height: number } | null
  /** Idempotent. */
  close(): void
}

/** A picture that is kept until the next one. */
interface Kept {
  readonly image: VideoFrame | ImageBitmap
  readonly width: number
  readonly height: number
}

const keep = (image: VideoFrame): Kept => ({
  image,
  width: image.displayWidth,
  height: image.displayHeight,
})

/** Gives the frame back, also when the page is left meanwhile; null: it shows nothing. */
const copy = async (frame: VideoFrame): Promise<Kept | null> => {
  const giveBack = () => frame.close()
  addEventListener('pagehide', giveBack)
  try {
    const image = await createImageBitmap(frame)
    return { image, width: image.width, height: image.height }
  } catch {
    return null
  } finally {
    removeEventListener('pagehide', giveBack)
    giveBack()
  }
}

const readFrames = (
  track: MediaStreamTrack,
  Processor: TrackProcessorClass,
  isOwn: boolean,
): StreamPicture => {
  const reader = new Processor({ track }).readable.getReader()
  let now: Kept | null = null
  let closed = false
  const read = async () => {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      const next = isOwn ? await copy(value) : keep(value)
      if (closed) {
        next?.image.close()
        return
      }
      if (!next) continue
      now?.image.close()
      now = next
    }
  }
  read().catch(() => {})
  return {
    get now() {
      return now
    },
    close() {
      if (closed) return
      closed = true
      now?.image.close()
      now = null
      reader.cancel().catch(() => {})
    },
  }
}

const playFrames = (stream: MediaStream): StreamPicture => {
  const video = document.createElement('video')
  video.muted = true
  video.playsInline = true
  video.srcObject = stream
  video.play().catch(() => {})
  return {
    get now() {
      const { videoWidth: width, videoHeight: height } = video
      return video.readyState >= 2 && width > 0 ? { image: video, width, height } : null
    },
    close() {
      video.srcObject = null
    },
  }
}

/** How long a first picture takes at most where pictures come, ms. */
const LATE_MS = 500

/**
 * Follows a stream's pictures until `close`. `isOwn`: they come from a device here. A device has only a
 * few frames to hand out; two that are kept, by whichever page of this process, also by one that was
 * reloaded, are enough for it to give this page none. And now and then a browser under load gives none
 * of a track that it plays: what is played stands in then.
 */
export const followPicture = (stream: MediaStream, isOwn: boolean): StreamPicture => {
  const [track] = stream.getVideoTracks()
  const Processor: unknown = Reflect.get(globalThis, 'MediaStreamTrackProcessor')
  if (!track || typeof Processor !== 'function') return playFrames(stream)
  const frames = readFrames(track, Processor as TrackProcessorClass, isOwn)
  let played: StreamPicture | null = null
  const late = setTimeout(() => {
    if (!frames.now) played = playFrames(stream)
  }, LATE_MS)
  const endPlaying = () => {
    clearTimeout(late)
    played?.close()
    played = null
  }
  return {
    get now() {
      if (!frames.now) return played?.now ?? null
      endPlaying()
      return frames.now
    },
    close() {
      endPlaying()
      frames.close()
    },
  }
}

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

const readFrames = (track: MediaStreamTrack, Processor: TrackProcessorClass): StreamPicture => {
  const reader = new Processor({ track }).readable.getReader()
  let frame: VideoFrame | null = null
  let closed = false
  const read = async () => {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      frame?.close()
      frame = value
      if (!closed) continue
      frame.close()
      return
    }
  }
  read().catch(() => {})
  return {
    get now() {
      return frame && { image: frame, width: frame.displayWidth, height: frame.displayHeight }
    },
    close() {
      if (closed) return
      closed = true
      frame?.close()
      frame = null
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

/** Follows a stream's pictures until `close`. */
export const followPicture = (stream: MediaStream): StreamPicture => {
  const [track] = stream.getVideoTracks()
  const Processor: unknown = Reflect.get(globalThis, 'MediaStreamTrackProcessor')
  return track && typeof Processor === 'function'
    ? readFrames(track, Processor as TrackProcessorClass)
    : playFrames(stream)
}

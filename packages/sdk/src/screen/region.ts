import type { ScreenRegion, ShareArea } from './api.ts'

const even = (length: number) => Math.floor(length / 2) * 2

/**
 * The part of a surface that is shared: the wish intersected with it, the whole when nothing of it is
 * left. Coded pictures are even, so a region begins and ends on even pixels.
 */
export function shareArea(
  surface: { width: number; height: number },
  wish: ScreenRegion | undefined,
): ShareArea {
  const { width, height } = surface
  const whole = { x: 0, y: 0, w: width, h: height }
  if (!wish) return whole
  const x = even(Math.max(0, wish.left))
  const y = even(Math.max(0, wish.top))
  const w = even(Math.min(width, wish.left + wish.width) - x)
  const h = even(Math.min(height, wish.top + wish.height) - y)
  return w >= 2 && h >= 2 ? { x, y, w, h } : whole
}

interface FrameTransform extends TransformStream<VideoFrame, VideoFrame> {}
interface TrackReader {
  readonly readable: ReadableStream<VideoFrame>
}
interface TrackWriter extends MediaStreamTrack {
  readonly writable: WritableStream<VideoFrame>
}
/** Not in every browser, nor in the type library. */
interface FrameAccess {
  MediaStreamTrackProcessor?: new (options: {
    track: MediaStreamTrack
    maxBufferSize?: number
  }) => TrackReader
  MediaStreamTrackGenerator?: new (options: { kind: 'video' }) => TrackWriter
}

/** One region of a captured surface as a track of its own. */
export interface RegionTrack {
  readonly track: MediaStreamTrack
  stop(): void
}

/** Follows `area`, which may change at any time; `video` plays the source. */
export function cutRegion(
  source: MediaStreamTrack,
  video: HTMLVideoElement,
  area: () => ShareArea,
  fps: () => number,
): RegionTrack {
  const { MediaStreamTrackProcessor, MediaStreamTrackGenerator } = globalThis as FrameAccess
  return MediaStreamTrackProcessor && MediaStreamTrackGenerator
    ? cutFrames(
        new MediaStreamTrackProcessor({ track: source, maxBufferSize: 2 }),
        new MediaStreamTrackGenerator({ kind: 'video' }),
        area,
      )
    : cutDrawings(video, area, fps)
}

/** Goes on at full pace in a tab that is not seen, unlike timers. */
function cutFrames(reader: TrackReader, track: TrackWriter, area: () => ShareArea): RegionTrack {
  const abort = new AbortController()
  const cut: FrameTransform = new TransformStream({
    transform(frame, out) {
      const { x, y, w, h } = area()
      const fits = x + w <= frame.displayWidth && y + h <= frame.displayHeight
      if (fits)
        out.enqueue(
          new VideoFrame(frame, {
            visibleRect: { x, y, width: w, height: h },
            displayWidth: w,
            displayHeight: h,
          }),
        )
      frame.close()
    },
  })
  const { signal } = abort
  reader.readable
    .pipeThrough(cut, { signal })
    .pipeTo(track.writable, { signal })
    // Ends with the source or with `stop`.
    .catch(() => {})
  return {
    track,
    stop() {
      abort.abort()
      track.stop()
    },
  }
}

function cutDrawings(
  video: HTMLVideoElement,
  area: () => ShareArea,
  fps: () => number,
): RegionTrack {
  const canvas = document.createElement('canvas')
  const context = canvas.getContext('2d')
  const stream = canvas.captureStream()
  let timer: ReturnType<typeof setTimeout>
  const draw = () => {
    const { x, y, w, h } = area()
    if (canvas.width !== w) canvas.width = w
    if (canvas.height !== h) canvas.height = h
    context?.drawImage(video, x, y, w, h, 0, 0, w, h)
    timer = setTimeout(draw, 1000 / fps())
  }
  draw()
  const [track] = stream.getVideoTracks()
  if (!track) throw new DOMException('The region gave no track', 'NotReadableError')
  return {
    track,
    stop() {
      clearTimeout(timer)
      track.stop()
    },
  }
}

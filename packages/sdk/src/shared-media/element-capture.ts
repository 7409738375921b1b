import { YuntangError } from '../errors.ts'

/** Picture and sound of a media element as tracks, and how loud it is heard here. */
export interface ElementCapture {
  readonly stream: MediaStream
  /** 0–1; what others hear stays as it is. */
  setVolume(volume: number): void
  /** The file is over, or begins anew: whether the tracks are others now. */
  renew(): boolean
  /** Idempotent. */
  close(): void
}

/** Chromium's capture of elements is not yet in the standard DOM types. */
interface Capturable {
  captureStream?: () => MediaStream
}

/** A picture that stands still is drawn so often: whoever joins then needs a frame too, ms. */
const STILL_MS = 500

const asMotion = (stream: MediaStream) => {
  for (const track of stream.getVideoTracks()) track.contentHint = 'motion'
  return stream
}
const stopAll = (stream: MediaStream) => {
  for (const track of stream.getTracks()) track.stop()
}

const byElement = (element: HTMLVideoElement, take: () => MediaStream): ElementCapture => {
  let stream = asMotion(take.call(element))
  return {
    get stream() {
      return stream
    },
    setVolume(volume) {
      element.volume = volume
    },
    renew() {
      // Browsers end the tracks with the file.
      stopAll(stream)
      stream = asMotion(take.call(element))
      return true
    },
    close: () => stopAll(stream),
  }
}

/** Frames drawn to a canvas, sound through Web Audio (spec 10 §4.1). */
const byDrawing = (element: HTMLVideoElement): ElementCapture => {
  const context = new AudioContext()
  const source = context.createMediaElementSource(element)
  const out = context.createMediaStreamDestination()
  const heard = context.createGain()
  source.connect(out)
  source.connect(heard).connect(context.destination)
  context.resume().catch(() => {})

  const tracks: MediaStreamTrack[] = out.stream.getAudioTracks()
  let frame = 0
  let timer: ReturnType<typeof setInterval> | undefined
  if (element.videoWidth > 0) {
    const canvas = document.createElement('canvas')
    canvas.width = element.videoWidth
    canvas.height = element.videoHeight
    const drawing = canvas.getContext('2d')
    const draw = () => drawing?.drawImage(element, 0, 0)
    const next = () => {
      draw()
      frame = element.requestVideoFrameCallback(next)
    }
    draw()
    frame = element.requestVideoFrameCallback(next)
    timer = setInterval(draw, STILL_MS)
    tracks.push(...canvas.captureStream().getVideoTracks())
  }
  const stream = asMotion(new MediaStream(tracks))
  return {
    stream,
    setVolume(volume) {
      heard.gain.value = volume
    },
    renew: () => false,
    close() {
      clearInterval(timer)
      element.cancelVideoFrameCallback?.(frame)
      stopAll(stream)
      if (context.state !== 'closed') context.close().catch(() => {})
    },
  }
}

/** @throws YuntangError files.unreadable when it is another origin's that may not be read. */
export const captureElement = (element: HTMLVideoElement): ElementCapture => {
  const { captureStream } = element as Capturable
  try {
    return captureStream ? byElement(element, captureStream) : byDrawing(element)
  } catch {
    throw new YuntangError('files.unreadable')
  }
}

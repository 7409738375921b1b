import { YuntangError } from '../errors.ts'
import type { OwnSurface, ScreenConfig, ShareArea } from './api.ts'
import { displayOptions } from './config.ts'
import { cutRegion, type RegionTrack, shareArea } from './region.ts'
import { repeatStill } from './still-source.ts'
import { isThisTab, renewMark } from './this-tab.ts'

/** How long a source may take to its first picture, ms. */
const FIRST_PICTURE = 5_000

/** One running capture of a surface. */
export interface ScreenCapture {
  /** What is sent and shown; another one after `changed`. */
  readonly track: MediaStreamTrack
  /** What the browser captures, before a region is cut out. */
  readonly source: MediaStreamTrack
  readonly kind: OwnSurface
  readonly surface: { readonly width: number; readonly height: number }
  readonly area: ShareArea
  configure(config: ScreenConfig): void
  /** Synchronous and idempotent. */
  stop(): void
}

export interface CaptureEvents {
  /** Track or area are others now. */
  changed(): void
  /** The source is lost: the browser's own control, a closed window. */
  ended(): void
}

/** Opens the picker; must be called while the user's click still counts. */
export async function pickScreen(config: ScreenConfig): Promise<MediaStreamTrack> {
  const { mediaDevices } = navigator
  if (!mediaDevices || !('getDisplayMedia' in mediaDevices))
    throw new YuntangError('screen.capture')
  try {
    const stream = await mediaDevices.getDisplayMedia(displayOptions(config))
    const [track] = stream.getVideoTracks()
    if (track) return track
  } catch (error) {
    console.warn('The screen is not shared:', error)
  }
  throw new YuntangError('screen.capture')
}

/** `owned`: the track ends with the capture. Rejects with screen.capture when no picture comes. */
export async function captureScreen(
  source: MediaStreamTrack,
  owned: boolean,
  first: ScreenConfig,
  events: CaptureEvents,
): Promise<ScreenCapture> {
  let config = first
  let region: RegionTrack | null = null
  let stopped = false
  const video = document.createElement('video')
  video.muted = true
  video.playsInline = true
  video.srcObject = new MediaStream([source])
  let endRepeats = () => {}

  const surface = () => ({ width: video.videoWidth, height: video.videoHeight })
  const area = () => shareArea(surface(), config.catchRect)
  const isWhole = ({ w, h }: ShareArea) => w === video.videoWidth && h === video.videoHeight

  const fit = () => {
    source.contentHint = config.encodeType === 1 ? 'motion' : 'detail'
    if (isWhole(area())) {
      region?.stop()
      region = null
      return
    }
    region ??= cutRegion(source, video, area, () => config.maxFPS)
    region.track.contentHint = source.contentHint
  }
  const resized = () => {
    if (stopped || video.videoWidth === 0) return
    fit()
    events.changed()
  }
  const ended = () => {
    if (!stopped) events.ended()
  }
  const stop = () => {
    if (stopped) return
    stopped = true
    endRepeats()
    video.removeEventListener('resize', resized)
    source.removeEventListener('ended', ended)
    source.removeEventListener('capturehandlechange', resized)
    region?.stop()
    if (owned) source.stop()
    video.srcObject = null
  }

  try {
    await firstPicture(video, source)
  } catch (error) {
    stop()
    throw error
  }
  fit()
  video.addEventListener('resize', resized)
  source.addEventListener('ended', ended)
  // Who is captured may be known a little later than the picture, or be another tab now.
  source.addEventListener('capturehandlechange', resized)
  if (!owned) endRepeats = repeatStill(source, video, () => config.maxFPS)
  else if (kindOf(source) === 'browser') renewMark()

  return {
    get track() {
      return region?.track ?? source
    },
    source,
    get kind() {
      return owned ? kindOf(source) : 'source'
    },
    get surface() {
      return surface()
    },
    get area() {
      return area()
    },
    configure(next) {
      if (stopped) return
      config = next
      if (owned)
        source.applyConstraints({ frameRate: { max: next.maxFPS } }).catch((error: unknown) => {
          console.warn('The screen keeps its former frame rate:', error)
        })
      fit()
      events.changed()
    },
    stop,
  }
}

/** Asked anew each time: the user may switch to another surface. */
function kindOf(source: MediaStreamTrack): OwnSurface {
  if (isThisTab(source)) return 'thisTab'
  const { displaySurface } = source.getSettings()
  return displaySurface === 'browser' || displaySurface === 'window' ? displaySurface : 'monitor'
}

/** A surface that does not change sends its first picture only. */
function firstPicture(video: HTMLVideoElement, source: MediaStreamTrack): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer)
      video.removeEventListener('resize', end)
      video.removeEventListener('loadedmetadata', end)
      source.removeEventListener('ended', end)
      if (video.videoWidth > 0) resolve()
      else reject(new YuntangError('screen.capture'))
    }
    const timer = setTimeout(end, FIRST_PICTURE)
    video.addEventListener('resize', end)
    video.addEventListener('loadedmetadata', end)
    source.addEventListener('ended', end)
    video.play().catch(() => {})
    if (source.readyState === 'ended') end()
  })
}

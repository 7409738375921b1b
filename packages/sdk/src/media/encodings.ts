import type { VideoConfig } from '../api.ts'
import { usualRate, videoEncoding, videoSize } from '../devices/video-config.ts'

/** Every camera is offered with both encodings; whether two pay depends on its picture. */
export const RIDS = ['a', 'b'] as const

/** From this many lines on a second, smaller encoding pays; browsers send none for smaller pictures. */
const TWO_FROM = 360
/** From this many lines on a quarter of the size is still good for small views. */
const QUARTER_FROM = 720
/** The smaller encoding never takes more than this part of the larger one's rate. */
const SMALL_SHARE = 0.5
/**
 * Nor more than this part of what is usual for its size: after a bottleneck a browser begins the
 * larger one again only when its slowly growing estimate has room for both.
 */
const SMALL_LEAN = 0.7

export interface Encoding {
  readonly rid: string
  readonly active: boolean
  /** bit/s */
  readonly maxBitrate: number
  readonly maxFramerate: number
  readonly scaleResolutionDownBy: number
}

/**
 * The encodings of one camera, smallest first; the largest obeys the configuration (spec 08 §7).
 * `needed` are the rids that somebody receives, null when nobody said.
 */
export function cameraEncodings(
  config: VideoConfig,
  lines: number,
  needed: ReadonlySet<string> | null,
): Encoding[] {
  const { maxBitrate, maxFramerate } = videoEncoding(config)
  const isWanted = (rid: string) => needed === null || needed.has(rid)
  const [small, large] = RIDS
  const whole = { maxBitrate, maxFramerate, scaleResolutionDownBy: 1 }
  // Of a small picture browsers send the first encoding only: it is the whole one then.
  if (lines < TWO_FROM)
    return [
      { rid: small, active: needed === null || needed.size > 0, ...whole },
      { rid: large, active: false, ...whole },
    ]
  const scale = lines >= QUARTER_FROM ? 4 : 2
  const less = Math.min(usualRate(lines / scale) * SMALL_LEAN, maxBitrate * SMALL_SHARE)
  return [
    {
      rid: small,
      active: isWanted(small),
      maxBitrate: Math.round(less),
      maxFramerate,
      scaleResolutionDownBy: scale,
    },
    { rid: large, active: isWanted(large), ...whole },
  ]
}

/** Lines that the camera will deliver under the configuration; smaller ones are not enlarged. */
export const sentLines = (config: VideoConfig, track: MediaStreamTrack): number => {
  // Not every browser tells what a track is capable of.
  const able: MediaTrackCapabilities = track.getCapabilities?.() ?? {}
  return Math.min(videoSize(config).height, able.height?.max ?? Number.POSITIVE_INFINITY)
}

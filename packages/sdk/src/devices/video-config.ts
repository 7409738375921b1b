import type { VideoConfig } from '../api.ts'

/** Height, widths for 16:9, 4:3 and 1:1, default bit/s; by `sizeType` from 1 on (spec 08 §1). */
const SIZES = [
  { height: 80, widths: [144, 108, 80], bps: 56_000 },
  { height: 128, widths: [224, 172, 128], bps: 72_000 },
  { height: 160, widths: [288, 212, 160], bps: 100_000 },
  { height: 192, widths: [336, 256, 192], bps: 150_000 },
  { height: 256, widths: [448, 340, 256], bps: 200_000 },
  { height: 288, widths: [512, 384, 288], bps: 250_000 },
  { height: 320, widths: [576, 428, 320], bps: 300_000 },
  { height: 360, widths: [640, 480, 360], bps: 350_000 },
  { height: 400, widths: [720, 532, 400], bps: 420_000 },
  { height: 480, widths: [848, 640, 480], bps: 500_000 },
  { height: 576, widths: [1024, 768, 576], bps: 650_000 },
  { height: 720, widths: [1280, 960, 720], bps: 1_000_000 },
  { height: 1080, widths: [1920, 1440, 1080], bps: 2_000_000 },
] as const

const RANGES: Record<keyof VideoConfig, readonly [min: number, max: number]> = {
  sizeType: [1, SIZES.length],
  fps: [5, 30],
  maxbps: [1, 100_000_000],
  qp_min: [18, 51],
  qp_max: [18, 51],
  wh_rate: [0, 2],
}

export const DEFAULT_VIDEO: VideoConfig = {
  sizeType: 8,
  fps: 15,
  maxbps: 350_000,
  qp_min: 25,
  qp_max: 36,
  wh_rate: 0,
}

const sizeOf = (sizeType: number) =>
  SIZES[sizeType - 1] ?? SIZES[DEFAULT_VIDEO.sizeType - 1] ?? SIZES[0]

/** The configuration after a change: non-finite fields keep their value, others are clamped (spec 08 §7). */
export function changeVideo(old: VideoConfig, change: Partial<VideoConfig>): VideoConfig {
  const field = (name: keyof VideoConfig): number => {
    const value = change[name]
    if (typeof value !== 'number' || !Number.isFinite(value)) return old[name]
    const [min, max] = RANGES[name]
    return Math.min(max, Math.max(min, Math.round(value)))
  }
  const sizeType = field('sizeType')
  const givesRate = Number.isFinite(change.maxbps)
  const qp_min = field('qp_min')
  return {
    sizeType,
    fps: field('fps'),
    maxbps: !givesRate && sizeType !== old.sizeType ? sizeOf(sizeType).bps : field('maxbps'),
    qp_min,
    qp_max: Math.max(qp_min, field('qp_max')),
    wh_rate: field('wh_rate'),
  }
}

/** Picture size in pixels that the configuration asks for. */
export function videoSize(config: VideoConfig): { width: number; height: number } {
  const { height, widths } = sizeOf(config.sizeType)
  return { width: widths[config.wh_rate] ?? widths[0], height }
}

/** Chromium's cropping is not yet in the standard DOM types. */
export interface CameraConstraints extends MediaTrackConstraints {
  resizeMode?: string
}

/** What is asked of the camera (spec 08 §7). */
export function cameraConstraints(config: VideoConfig): CameraConstraints {
  const { width, height } = videoSize(config)
  return {
    width: { ideal: width },
    height: { ideal: height },
    frameRate: { ideal: config.fps },
    resizeMode: 'crop-and-scale',
  }
}

/** What is asked of the sender (spec 08 §7). */
export interface VideoEncoding {
  /** bit/s */
  readonly maxBitrate: number
  readonly maxFramerate: number
  readonly degradationPreference: 'maintain-resolution' | 'maintain-framerate'
}

export function videoEncoding(config: VideoConfig): VideoEncoding {
  const q = Math.max(0.3, 1 - 0.03 * Math.max(0, config.qp_min - 25))
  return {
    maxBitrate: Math.max(30_000, Math.round(config.maxbps * q)),
    maxFramerate: config.fps,
    degradationPreference: config.qp_max <= 30 ? 'maintain-resolution' : 'maintain-framerate',
  }
}

/** Usual bit rate of pictures with that many lines, bit/s (spec 08 §1). */
export const usualRate = (height: number): number =>
  (SIZES.find((size) => size.height >= height) ?? SIZES[SIZES.length - 1] ?? SIZES[0]).bps

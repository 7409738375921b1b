import { type Encoding, RIDS } from './encodings.ts'

/** What of the share's configuration concerns sending (spec 09 §1). */
export interface ScreenSendConfig {
  /** 0 clear picture, 1 less bandwidth. */
  readonly encodeType: 0 | 1
  readonly maxFPS: number
  readonly maxKbps: number
}

/** Longest sides that are sent. */
const CLEAR = { width: 2560, height: 1600 }
const SMALLER_SIDE = 1280
/** Of the configured rate, for the smaller picture. */
const SMALLER_RATE = 0.6
/** The first encoding for narrow paths: as sharp, but with fewer pictures. */
const SLOW_PART = 0.25

/** By what the captured picture is divided so that it is not larger than it may be sent. */
export const screenScale = (
  { encodeType }: ScreenSendConfig,
  { width, height }: { width: number; height: number },
): number =>
  encodeType === 1
    ? Math.max(1, Math.max(width, height) / SMALLER_SIDE)
    : Math.max(1, width / CLEAR.width, height / CLEAR.height)

/**
 * The encodings of a screen, the least first. They differ in pictures per second and rate, never in
 * size: text that was made smaller cannot be read. `needed` are the rids that somebody receives.
 */
export function screenEncodings(
  config: ScreenSendConfig,
  size: { width: number; height: number },
  needed: ReadonlySet<string> | null,
): Encoding[] {
  const scaleResolutionDownBy = screenScale(config, size)
  const share = config.encodeType === 1 ? SMALLER_RATE : 1
  const maxBitrate = Math.round(config.maxKbps * 1000 * share)
  const isWanted = (rid: string) => needed === null || needed.has(rid)
  const [slow, full] = RIDS
  return [
    {
      rid: slow,
      active: isWanted(slow),
      maxBitrate: Math.round(maxBitrate * SLOW_PART),
      maxFramerate: Math.max(1, Math.round(config.maxFPS * SLOW_PART)),
      scaleResolutionDownBy,
    },
    {
      rid: full,
      active: isWanted(full),
      maxBitrate,
      maxFramerate: config.maxFPS,
      scaleResolutionDownBy,
    },
  ]
}

/** What gives way when the path is narrow (spec 09 §1). */
export const screenPreference = ({ encodeType }: ScreenSendConfig): RTCDegradationPreference =>
  encodeType === 1 ? 'maintain-framerate' : 'maintain-resolution'

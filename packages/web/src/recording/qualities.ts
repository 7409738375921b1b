/** Sizes and rates that are offered for recordings. */
export const QUALITIES = {
  standard: { width: 640, height: 360, frameRate: 15, bitrate: 500_000 },
  high: { width: 1280, height: 720, frameRate: 15, bitrate: 1_500_000 },
  full: { width: 1920, height: 1080, frameRate: 15, bitrate: 3_000_000 },
} as const

export type QualityName = keyof typeof QUALITIES

/** bit/s of the sound, near enough for estimates. */
const SOUND = 64_000

/** How long the free room lasts at most, in seconds. */
export const secondsLeft = (free: number, quality: QualityName): number =>
  Math.max(0, Math.floor((free * 8) / (QUALITIES[quality].bitrate + SOUND)))

/** Less room than for this is worth a warning. */
const SHORT_SECONDS = 600
/** Bytes below which no recording begins (spec 10 §2.2). */
export const LEAST_ROOM = 50_000_000

export const isShort = (free: number, quality: QualityName): boolean =>
  secondsLeft(free - LEAST_ROOM, quality) < SHORT_SECONDS

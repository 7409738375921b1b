import { YuntangError } from '../errors.ts'
import type { RecordOptions } from './api.ts'

/** What a recording is made with (spec 10 §2.1, encoding). */
export interface RecordSettings {
  readonly path: string
  readonly width: number
  readonly height: number
  readonly frameRate: number
  /** bit/s */
  readonly bitrate: number
  readonly picture: boolean
  readonly ownSound: boolean
  readonly otherSound: boolean
  readonly webm: boolean
}

const clamp = (value: number, least: number, most: number) => Math.min(most, Math.max(least, value))

/** × 1 up to 22, × 0.5 at 36, × 0.3 at 51, linear between (spec 10 §2.1). */
export const qualityFactor = (quality: number): number => {
  const qp = clamp(quality, 0, 51)
  if (qp <= 22) return 1
  if (qp <= 36) return 1 - ((qp - 22) / 14) * 0.5
  return 0.5 - ((qp - 36) / 15) * 0.2
}

const even = (size: number) => Math.floor(clamp(size, 64, 4096) / 2) * 2

/** @throws YuntangError param.invalid: no file name, nothing to record, or something not a number. */
export const readSettings = (options: RecordOptions): RecordSettings => {
  const { path, width = 640, height = 360, frameRate = 15, bitrate = 500_000 } = options
  const { quality = 28, picture = true, ownSound = true, otherSound = true } = options
  const isNamed = /[^\\/]$/.test(path.trim())
  const isCounted = [width, height, frameRate, bitrate, quality].every(Number.isFinite)
  if (!isNamed || !isCounted || !(picture || ownSound || otherSound))
    throw new YuntangError('param.invalid')
  return {
    path,
    width: even(width),
    height: even(height),
    frameRate: clamp(frameRate, 1, 30),
    bitrate: Math.round(clamp(bitrate, 50_000, 20_000_000) * qualityFactor(quality)),
    picture,
    ownSound,
    otherSound,
    webm: /\.webm$/i.test(path),
  }
}

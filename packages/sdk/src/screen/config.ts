import type { ScreenConfig, ScreenRegion } from './api.ts'

export const DEFAULT_SCREEN: ScreenConfig = { encodeType: 0, maxFPS: 8, maxKbps: 800 }

/** From here on a rate is meant in bit/s: pages give 800000 for the default (spec 09 §1). */
const BITS_FROM = 10_000

const clamp = (value: number, least: number, most: number) =>
  Math.min(most, Math.max(least, Math.round(value)))

const isRegion = (r: ScreenRegion | undefined): r is ScreenRegion =>
  r !== undefined && [r.left, r.top, r.width, r.height].every(Number.isFinite)

/** A whole configuration out of what was given; what is missing or no number has its default. */
export function screenConfig(given: Partial<ScreenConfig> = {}): ScreenConfig {
  const { encodeType, maxFPS, maxKbps, catchRect, catchWnd } = { ...DEFAULT_SCREEN, ...given }
  const number = (value: number, or: number) => (Number.isFinite(value) ? value : or)
  const rate = number(maxKbps, DEFAULT_SCREEN.maxKbps)
  return {
    encodeType: encodeType === 1 ? 1 : 0,
    maxFPS: clamp(number(maxFPS, DEFAULT_SCREEN.maxFPS), 1, 30),
    maxKbps: clamp(rate >= BITS_FROM ? rate / 1000 : rate, 50, 20_000),
    ...(isRegion(catchRect) ? { catchRect: { ...catchRect } } : {}),
    ...(catchWnd !== undefined && Number.isFinite(catchWnd) ? { catchWnd } : {}),
  }
}

/** What the browser's picker is asked for (spec 09 §1). The user may choose something else. */
export function displayOptions({ catchWnd, catchRect, maxFPS }: ScreenConfig): object {
  const isTab = catchWnd === -1
  const isWindow = catchWnd !== undefined && catchWnd > 0 && !catchRect
  const displaySurface = isWindow ? 'window' : 'monitor'
  return {
    audio: false,
    video: { frameRate: { max: maxFPS }, ...(isTab ? {} : { displaySurface }) },
    selfBrowserSurface: 'include',
    surfaceSwitching: 'include',
    monitorTypeSurfaces: 'include',
    ...(isTab ? { preferCurrentTab: true } : {}),
  }
}

import type { ShareArea } from './api.ts'

/** Where the share's picture lies in a view, and what a point of it is in share coordinates. */
export interface SharePlace {
  /** CSS pixels from the view's corner. */
  readonly left: number
  readonly top: number
  /** CSS pixels per share pixel. */
  readonly scaleX: number
  readonly scaleY: number
  /** Clamped to the picture; `inside` is false on the bars. */
  toShare(point: { clientX: number; clientY: number }): { x: number; y: number; inside: boolean }
}

/** `keepsRatio`: the picture is centred with bars, else stretched. */
export function createSharePlace(
  view: { left: number; top: number; width: number; height: number },
  area: ShareArea,
  keepsRatio: boolean,
): SharePlace {
  const fit = Math.min(view.width / area.w, view.height / area.h)
  const scaleX = keepsRatio ? fit : view.width / area.w
  const scaleY = keepsRatio ? fit : view.height / area.h
  const left = (view.width - area.w * scaleX) / 2
  const top = (view.height - area.h * scaleY) / 2
  return {
    left,
    top,
    scaleX,
    scaleY,
    toShare({ clientX, clientY }) {
      const x = Math.floor((clientX - view.left - left) / scaleX)
      const y = Math.floor((clientY - view.top - top) / scaleY)
      const inside = x >= 0 && y >= 0 && x < area.w && y < area.h
      return {
        x: Math.min(area.w - 1, Math.max(0, x)),
        y: Math.min(area.h - 1, Math.max(0, y)),
        inside,
      }
    },
  }
}

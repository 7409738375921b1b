import type { ShareArea, ShareMark } from './api.ts'
import { drawMarks } from './mark-drawing.ts'
import { keepOnTop } from './on-top.ts'

export interface PageMarksSource {
  /** Native pixels of this tab as it is captured. */
  readonly size: { readonly width: number; readonly height: number }
  readonly area: ShareArea
  readonly marks: readonly ShareMark[]
}

/** Strokes over this very page: it cannot be clicked, and lies above everything. */
export function showPageMarks(source: () => PageMarksSource | null): {
  draw(): void
  remove(): void
} {
  const canvas = document.createElement('canvas')
  canvas.setAttribute('data-crv-no-remote', '')
  canvas.className = 'crv-page-marks'
  canvas.style.cssText =
    'all:initial;position:fixed;inset:0;margin:0;width:100%;height:100%;pointer-events:none;z-index:2147483647'
  document.body.append(canvas)
  const letGo = keepOnTop(canvas)
  const draw = () => {
    const now = source()
    const context = canvas.getContext('2d')
    if (!now || !context) return
    const ratio = window.devicePixelRatio || 1
    canvas.width = Math.round(window.innerWidth * ratio)
    canvas.height = Math.round(window.innerHeight * ratio)
    context.scale(canvas.width / now.size.width, canvas.height / now.size.height)
    context.translate(now.area.x, now.area.y)
    drawMarks(context, now.marks)
  }
  window.addEventListener('resize', draw)
  return {
    draw,
    remove() {
      window.removeEventListener('resize', draw)
      letGo()
      canvas.remove()
    },
  }
}

import type { Size } from './elements.ts'

export const BACKGROUNDS = ['blank', 'grid', 'lines'] as const
export type Background = (typeof BACKGROUNDS)[number]

const STEP = 40

/** A drawn background as a canvas; null for a blank one. */
export const drawBackground = (
  kind: Background,
  { width, height }: Size,
): HTMLCanvasElement | null => {
  if (kind === 'blank') return null
  const canvas = document.createElement('canvas')
  const by = Math.min(2, 4096 / Math.max(width, height))
  canvas.width = Math.round(width * by)
  canvas.height = Math.round(height * by)
  const context = canvas.getContext('2d')
  if (!context) return null
  context.scale(by, by)
  context.fillStyle = '#ffffff'
  context.fillRect(0, 0, width, height)
  context.strokeStyle = '#d3deea'
  context.lineWidth = 1
  context.beginPath()
  for (let y = STEP; y < height; y += STEP) {
    context.moveTo(0, y)
    context.lineTo(width, y)
  }
  if (kind === 'grid')
    for (let x = STEP; x < width; x += STEP) {
      context.moveTo(x, 0)
      context.lineTo(x, height)
    }
  context.stroke()
  return canvas
}

import type { ShareMark } from './api.ts'

/** `#rrggbb` of `B<<16 | G<<8 | R`. */
export const cssColor = (color: number): string =>
  `rgb(${color & 255} ${(color >> 8) & 255} ${(color >> 16) & 255})`

/** Draws strokes; the context maps share coordinates to its own by a transform set before. */
export function drawMarks(
  context: CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D,
  marks: readonly ShareMark[],
): void {
  context.lineCap = 'round'
  context.lineJoin = 'round'
  for (const { points, color, width } of marks) {
    const [x = 0, y = 0] = points
    context.strokeStyle = cssColor(color)
    context.lineWidth = width
    context.beginPath()
    context.moveTo(x, y)
    // A single point is a dot.
    if (points.length === 2) context.lineTo(x, y)
    for (let i = 2; i + 1 < points.length; i += 2)
      context.lineTo(points[i] as number, points[i + 1] as number)
    context.stroke()
  }
}

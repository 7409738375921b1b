import { getStroke } from 'perfect-freehand'
import type { PencilItem } from './elements.ts'

/** How far a line lags behind the hand, 0…1: what smooths the tremble of it. */
export const STREAMLINE = 0.35
/** How much a pen's pressure tells in the width, 0…1. */
export const THINNING = 0.6

/** Flat numbers of the closed outline of a stroke with pressures, relative to its `left` and `top`. */
export const outlineOf = ({ points, pressures, lineWidth }: PencilItem): number[] => {
  const traces: [number, number, number][] = []
  for (let i = 0; i + 1 < points.length; i += 2)
    traces.push([points[i] as number, points[i + 1] as number, pressures[i / 2] ?? 0.5])
  return getStroke(traces, {
    size: lineWidth,
    thinning: THINNING,
    smoothing: 0.5,
    streamline: STREAMLINE,
    simulatePressure: false,
    last: true,
  }).flatMap(([x = 0, y = 0]) => [x, y])
}

/** The part of a path that outlines need. */
export type Sink = Pick<Path2D, 'moveTo' | 'quadraticCurveTo' | 'closePath'>

/** The outline as a path, its corners rounded off. */
export const traceOutline = (outline: readonly number[], path: Sink): void => {
  const count = outline.length / 2
  if (count < 3) return
  let [x, y] = [outline[0] as number, outline[1] as number]
  for (let i = 1; i <= count + 1; i++) {
    const at = (i % count) * 2
    const [nextX, nextY] = [outline[at] as number, outline[at + 1] as number]
    const [halfX, halfY] = [(x + nextX) / 2, (y + nextY) / 2]
    if (i === 1) path.moveTo(halfX, halfY)
    else path.quadraticCurveTo(x, y, halfX, halfY)
    x = nextX
    y = nextY
  }
  path.closePath()
}

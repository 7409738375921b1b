import type { ElementInput } from '@yuntang/sdk'
import { TYPE } from './elements.ts'
import { between, type Point, tenth } from './geometry.ts'
import { stampSize } from './stamps.ts'
import { type DrawTool, fillFor, type Options, type Style } from './tools.ts'

/** A place that a stroke went through. */
export interface Trace extends Point {
  /** 0…1; null when the device cannot tell. */
  readonly pressure: number | null
}

const TYPES: Readonly<Record<DrawTool, number>> = {
  pen: TYPE.pencil,
  marker: TYPE.marker,
  line: TYPE.line,
  arrow: TYPE.arrow,
  rect: TYPE.rectangle,
  ellipse: TYPE.ellipse,
}
const MARKER_FACTOR = 4
const WIDEST = 64

/** With the shift key: squares, circles, and lines in steps of 15°. */
export const regular = (tool: DrawTool, from: Point, to: Point): Point => {
  const [dx, dy] = [to.x - from.x, to.y - from.y]
  if (tool === 'rect' || tool === 'ellipse') {
    const side = Math.max(Math.abs(dx), Math.abs(dy))
    return { x: from.x + (dx < 0 ? -side : side), y: from.y + (dy < 0 ? -side : side) }
  }
  const step = Math.PI / 12
  const angle = Math.round(Math.atan2(dy, dx) / step) * step
  const length = Math.hypot(dx, dy)
  return { x: from.x + Math.cos(angle) * length, y: from.y + Math.sin(angle) * length }
}

const strokeOf = (traces: readonly Trace[]) => {
  const first = traces[0] as Trace
  const points = traces.flatMap(({ x, y }) => [tenth(x - first.x), tenth(y - first.y)])
  const pressures = traces.map(({ pressure }) => Math.round((pressure ?? 0.5) * 100) / 100)
  const told = traces.some(({ pressure }) => pressure !== null)
  return { left: tenth(first.x), top: tenth(first.y), points, ...(told ? { pressures } : {}) }
}

/** The element that a tool makes of the places between press and release (spec 12 §6). */
export const draftOf = (
  tool: DrawTool,
  traces: readonly Trace[],
  { color, lineWidth, filled }: Style,
): ElementInput => {
  const a = traces[0] as Trace
  const b = traces.at(-1) as Trace
  const look = { type: TYPES[tool], color, lineWidth }
  switch (tool) {
    case 'pen':
      return { ...look, ...strokeOf(traces) }
    case 'marker': {
      const { pressures: _, ...stroke } = { pressures: null, ...strokeOf(traces) }
      return { ...look, lineWidth: Math.min(WIDEST, lineWidth * MARKER_FACTOR), ...stroke }
    }
    case 'line':
    case 'arrow': {
      const end = { x2: tenth(b.x - a.x), y2: tenth(b.y - a.y) }
      const place = { left: tenth(a.x), top: tenth(a.y) }
      return { ...look, ...place, ...end, ...(tool === 'arrow' ? { heads: 1 } : {}) }
    }
    default: {
      const { x, y, width, height } = between(a, b)
      const box = { left: tenth(x), top: tenth(y), width: tenth(width), height: tenth(height) }
      return { ...look, ...box, ...(filled ? { fill: fillFor(color) } : {}) }
    }
  }
}

/** A polygon with these corners, of which there is one at least. */
export const polygonOf = (
  corners: readonly Point[],
  { color, lineWidth, filled }: Style,
  closed: boolean,
): ElementInput => {
  const left = tenth(Math.min(...corners.map(({ x }) => x)))
  const top = tenth(Math.min(...corners.map(({ y }) => y)))
  return {
    ...{ type: TYPE.polygon, color, lineWidth, left, top },
    points: corners.flatMap(({ x, y }) => [tenth(x - left), tenth(y - top)]),
    closed: closed ? 1 : 0,
    ...(filled ? { fill: fillFor(color) } : {}),
  }
}

/** A stamp with its middle at a place. */
export const stampOf = (at: Point, { color, lineWidth, stamp }: Options): ElementInput => {
  const width = stampSize(lineWidth)
  const [left, top] = [tenth(at.x - width / 2), tenth(at.y - width / 2)]
  return { type: TYPE.stamp, color, left, top, icon: stamp, width }
}

/** Shapes with no extent are slips of the hand; a stroke of one place is a dot. */
export const isWorthKeeping = (tool: DrawTool, traces: readonly Trace[]): boolean => {
  if (tool === 'pen' || tool === 'marker') return traces.length > 0
  const a = traces[0]
  const b = traces.at(-1)
  return !!a && !!b && Math.hypot(a.x - b.x, a.y - b.y) >= 3
}

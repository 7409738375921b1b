import { getStroke } from 'perfect-freehand'
import type { StrokeItem } from './elements.ts'

/** Flat numbers of a closed outline, relative to the stroke's `left` and `top`. */
export const outlineOf = ({ points, pressures, lineWidth }: StrokeItem): number[] => {
  const told = pressures.length > 0
  const traces: [number, number, number][] = []
  for (let i = 0; i + 1 < points.length; i += 2)
    traces.push([points[i] as number, points[i + 1] as number, pressures[i / 2] ?? 0.5])
  return getStroke(traces, {
    size: lineWidth,
    thinning: told ? 0.6 : 0,
    smoothing: 0.5,
    streamline: 0.35,
    simulatePressure: false,
    last: true,
  }).flatMap(([x = 0, y = 0]) => [x, y])
}

const round = (value: number) => Math.round(value * 100) / 100

/** The outline as SVG path data, its corners rounded off. */
export const outlinePath = (outline: readonly number[]): string => {
  const count = outline.length / 2
  if (count < 3) return ''
  const x = (i: number) => outline[(i % count) * 2] as number
  const y = (i: number) => outline[(i % count) * 2 + 1] as number
  const half = (i: number) => `${round((x(i) + x(i + 1)) / 2)} ${round((y(i) + y(i + 1)) / 2)}`
  let path = `M${half(0)}`
  for (let i = 1; i <= count; i++) path += `Q${round(x(i))} ${round(y(i))} ${half(i)}`
  return `${path}Z`
}

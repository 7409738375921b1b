import type { IconName } from '../ui/icons.ts'
import type { Marks } from './marks.ts'
import type { StampIcon } from './stamps.ts'

/** Tools that make an element from a press to a release. */
export type DrawTool = 'pen' | 'marker' | 'line' | 'arrow' | 'rect' | 'ellipse'
export type Tool = 'select' | 'hand' | DrawTool | 'polygon' | 'stamp' | 'text' | 'eraser' | 'laser'

export interface ToolEntry {
  readonly name: Tool
  /** The key that chooses it, in lower case; letters are those that the meeting leaves free. */
  readonly key: string
  readonly icon: IconName
}

/** In the order of the tool bar: before, in and after the menu of shapes. */
export const HANDS: readonly ToolEntry[] = [
  { name: 'select', key: '1', icon: 'pointer' },
  { name: 'hand', key: '0', icon: 'hand' },
  { name: 'pen', key: '2', icon: 'pen' },
  { name: 'marker', key: '3', icon: 'marker' },
]
export const SHAPES: readonly ToolEntry[] = [
  { name: 'line', key: 'l', icon: 'line' },
  { name: 'arrow', key: '4', icon: 'arrow' },
  { name: 'rect', key: '5', icon: 'rectangle' },
  { name: 'ellipse', key: '6', icon: 'ellipse' },
  { name: 'polygon', key: 'g', icon: 'polygon' },
  { name: 'stamp', key: 'k', icon: 'stamp' },
]
export const OTHERS: readonly ToolEntry[] = [
  { name: 'text', key: '7', icon: 'text' },
  { name: 'eraser', key: '8', icon: 'eraser' },
  { name: 'laser', key: '9', icon: 'laser' },
]
export const TOOLS: readonly ToolEntry[] = [...HANDS, ...SHAPES, ...OTHERS]

const DRAWS: readonly Tool[] = ['pen', 'marker', 'line', 'arrow', 'rect', 'ellipse']
export const isDrawTool = (tool: Tool): tool is DrawTool => DRAWS.includes(tool)
const STYLED: readonly Tool[] = [...DRAWS, 'polygon', 'stamp', 'text']
export const hasStyle = (tool: Tool): boolean => STYLED.includes(tool)
const FILLED: readonly Tool[] = ['rect', 'ellipse', 'polygon']
export const hasFill = (tool: Tool): boolean => FILLED.includes(tool)

/** What new elements look like. */
export interface Style {
  readonly color: string
  /** Board units. */
  readonly lineWidth: number
  readonly filled: boolean
}

/** What the tools are set to. */
export interface Options extends Style {
  readonly stamp: StampIcon
  readonly marks: Marks
}

export const COLORS = [
  '#1d2733',
  '#d92d20',
  '#e8730c',
  '#e5b400',
  '#1f9254',
  '#1769c2',
  '#7b3fc4',
  '#ffffff',
] as const
export const WIDTHS = [2, 4, 8, 16] as const

/** A fill lets the lines and what was written before be read. */
export const fillFor = (color: string): string => {
  const part = (at: number) => Number.parseInt(color.slice(at, at + 2), 16)
  return `#${[1, 3, 5]
    .map((at) => Math.round(part(at) + (255 - part(at)) * 0.75))
    .map((one) => one.toString(16).padStart(2, '0'))
    .join('')}`
}

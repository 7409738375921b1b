import { type Ref, ref, watch } from 'vue'
import { parseStored, readSetting, writeSetting } from '../ui/settings.ts'
import { COLORS, type Style, type Tool, WIDTHS } from './tools.ts'

const isStyle = (value: unknown): value is Style => {
  if (typeof value !== 'object' || value === null) return false
  const { color, lineWidth, filled } = value as Record<string, unknown>
  return (
    typeof color === 'string' &&
    /^#[0-9a-f]{6}$/i.test(color) &&
    WIDTHS.some((one) => one === lineWidth) &&
    typeof filled === 'boolean'
  )
}

const tool: Ref<Tool> = ref('pen')
const style: Ref<Style> = ref(
  parseStored(readSetting('board-style'), isStyle) ?? {
    color: COLORS[1],
    lineWidth: 4,
    filled: false,
  },
)
watch(style, (now) => writeSetting('board-style', JSON.stringify(now)))

/** The tool is the same on all boards; what it draws like is kept on this device. */
export const useToolMemory = () => ({ tool, style })

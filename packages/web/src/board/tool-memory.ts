import { type Ref, ref, watch } from 'vue'
import { parseStored, readSetting, writeSetting } from '../ui/settings.ts'
import { isMarks, PLAIN } from './marks.ts'
import { isStampIcon } from './stamps.ts'
import { COLORS, type Options, type Style, type Tool, WIDTHS } from './tools.ts'

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
const stored: (Style & { stamp?: unknown; marks?: unknown }) | null = parseStored(
  readSetting('board-style'),
  isStyle,
)
const style: Ref<Options> = ref({
  color: stored?.color ?? COLORS[1],
  lineWidth: stored?.lineWidth ?? 4,
  filled: stored?.filled ?? false,
  stamp: isStampIcon(stored?.stamp) ? stored.stamp : 'check',
  marks: isMarks(stored?.marks) ? stored.marks : PLAIN,
})
watch(style, (now) => writeSetting('board-style', JSON.stringify(now)))

/** The tool is the same on all boards; what it draws like is kept on this device. */
export const useToolMemory = () => ({ tool, style })

import type { BoardElement } from '@yuntang/sdk'

export const ALIGNS = ['left', 'center', 'right'] as const
export const STROKES = ['bold', 'italic', 'underline'] as const

/** How a text is set (spec 12 §6, type 8). */
export interface Marks {
  readonly bold: boolean
  readonly italic: boolean
  readonly underline: boolean
  readonly align: (typeof ALIGNS)[number]
}

export const PLAIN: Marks = { bold: false, italic: false, underline: false, align: 'left' }

export const marksOf = ({ bold, italic, underline, align }: Partial<BoardElement>): Marks => ({
  bold: bold === 1,
  italic: italic === 1,
  underline: underline === 1,
  align: align === 'center' || align === 'right' ? align : 'left',
})

/** As an element has them. */
export const markFields = ({ bold, italic, underline, align }: Marks) => ({
  bold: bold ? 1 : 0,
  italic: italic ? 1 : 0,
  underline: underline ? 1 : 0,
  align,
})

export const isMarks = (value: unknown): value is Marks => {
  if (typeof value !== 'object' || value === null) return false
  const { align, ...strokes } = value as Record<string, unknown>
  return (
    STROKES.every((name) => typeof strokes[name] === 'boolean') &&
    ALIGNS.some((one) => one === align)
  )
}

const KEYS: Readonly<Record<string, (typeof STROKES)[number]>> = {
  'ctrl+b': 'bold',
  'ctrl+i': 'italic',
  'ctrl+u': 'underline',
}

/** What a key changes, by its name; null for other keys. */
export const markKey = (name: string, now: Marks): Partial<Marks> | null => {
  const stroke = Object.hasOwn(KEYS, name) ? KEYS[name] : undefined
  return stroke ? { [stroke]: !now[stroke] } : null
}

/** Icons of stamps (spec 12 §6, type 10): outlines on a 24×24 field. */
export const STAMPS = {
  check: 'M4 13l5 5L20 6',
  cross: 'M5 5l14 14M19 5L5 19',
  star: 'M12 3l2.700 5.900 6.300.7-4.700 4.300 1.300 6.300L12 17l-5.600 3.200 1.300-6.300L3 9.600l6.300-.7z',
  question: 'M8 8.500a4 4 0 1 1 5.500 3.700c-1 .5-1.500 1.200-1.500 2.300M12 18.500h.01',
  like: 'M7 11v9H4v-9zM7 11l4-7c1.700 0 2.600 1.300 2.200 3l-.7 3H18a2 2 0 0 1 2 2.400l-1.300 6a2 2 0 0 1-2 1.600H7',
} as const

export type StampIcon = keyof typeof STAMPS
export const STAMP_ICONS = Object.keys(STAMPS) as StampIcon[]
export const isStampIcon = (value: unknown): value is StampIcon =>
  STAMP_ICONS.some((one) => one === value)

/** Of an icon that is not known, the question mark's. */
export const stampOutline = (icon: string): string => STAMPS[isStampIcon(icon) ? icon : 'question']

/** The side of a stamp that goes with a width of lines, both in board units. */
export const stampSize = (lineWidth: number): number => 32 + 6 * lineWidth

import type { Item, PencilItem } from './elements.ts'

const LOOKS = ['left', 'top', 'color', 'lineWidth', 'rotate'] as const

const goesOn = (before: PencilItem, now: PencilItem): boolean =>
  LOOKS.every((name) => before[name] === now[name]) &&
  before.points.length <= now.points.length &&
  before.points.every((value, i) => value === now.points[i])

/**
 * Whether it is enough to paint the item over what is there: an opaque stroke that is new or went on, as
 * those in somebody's hand do many times a second.
 * @param before what it was; null when it is new.
 */
export const isGrowth = (before: Item | null, now: Item): boolean =>
  now.kind === 'pencil' &&
  now.opacity === 1 &&
  (before === null || (before.kind === 'pencil' && before.opacity === 1 && goesOn(before, now)))

/** Levels of an action, those of an element of a drawing program included. */
const DEEPEST = 64

/**
 * Whether something has parts within parts without end: an element may hold anything, and nobody who
 * walks through it, here or in a page, may run out of stack.
 */
export const isTooDeep = (value: unknown, levels = DEEPEST): boolean => {
  if (typeof value !== 'object' || value === null) return false
  if (levels === 0) return true
  const parts: readonly unknown[] = Array.isArray(value) ? value : Object.values(value)
  return parts.some((part) => isTooDeep(part, levels - 1))
}

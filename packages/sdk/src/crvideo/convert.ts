/** Argument conversion of the classic API (spec 00 §4). Nothing here throws. */

/** Text; missing is `""`, an object is its JSON text. */
export function text(value: unknown): string {
  if (value === undefined || value === null) return ''
  if (typeof value === 'string') return value
  if (typeof value === 'object') {
    try {
      return JSON.stringify(value) ?? ''
    } catch {
      return ''
    }
  }
  return typeof value === 'function' ? '' : String(value)
}

/** A finite number, `missing` when absent, NaN when it cannot be read as a number. */
export function number(value: unknown, missing = 0): number {
  if (value === undefined || value === null) return missing
  if (typeof value === 'number') return Number.isFinite(value) ? value : Number.NaN
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value !== 'string' || value.trim() === '') return Number.NaN
  const read = Number(value)
  return Number.isFinite(read) ? read : Number.NaN
}

/** `true`, `1`, `"1"` and other truthy values are on; `"0"` and `"false"` are off. */
export function flag(value: unknown, missing = false): boolean {
  if (value === undefined || value === null) return missing
  if (typeof value === 'string') return !['', '0', 'false'].includes(value.trim().toLowerCase())
  return Boolean(value)
}

/** A positive whole number, or null. */
export function positive(value: unknown): number | null {
  const read = number(value)
  return Number.isSafeInteger(read) && read > 0 ? read : null
}

/** A copy of an object argument or of its JSON text; null when it is neither. */
export function record(value: unknown): Record<string, unknown> | null {
  try {
    const read: unknown = typeof value === 'string' ? JSON.parse(value) : value
    if (typeof read !== 'object' || read === null || Array.isArray(read)) return null
    return { ...read }
  } catch {
    return null
  }
}

/** The numeric fields of a configuration object; unreadable or missing ones are left out. */
export function numericFields<K extends string>(
  from: Record<string, unknown>,
  names: readonly K[],
): Partial<Record<K, number>> {
  const out: Partial<Record<K, number>> = {}
  for (const name of names) {
    const read = number(from[name], Number.NaN)
    if (Number.isFinite(read)) out[name] = read
  }
  return out
}

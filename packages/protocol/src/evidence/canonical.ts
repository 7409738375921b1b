/** What canonical text can hold: whole numbers only, so that no rule about fractions is needed. */
export type Canonical =
  | string
  | number
  | boolean
  | null
  | readonly Canonical[]
  | { readonly [key: string]: Canonical }

/** Half of a character: it has no UTF-8 form. */
const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?:[^\uD800-\uDBFF]|^)[\uDC00-\uDFFF]/

/**
 * The one text of a JSON value (RFC 8785): no spaces, members in order of the UTF-16 units of their
 * names. @throws TypeError for what RFC 8785 cannot carry exactly, and for fractions.
 */
export const canonicalText = (value: Canonical): string => {
  if (typeof value === 'string') {
    if (LONE_SURROGATE.test(value)) throw new TypeError('Half a character')
    return JSON.stringify(value)
  }
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw new TypeError('Not a whole number')
    return JSON.stringify(value)
  }
  if (value === null || typeof value === 'boolean') return String(value)
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(',')}]`
  const members = value as { readonly [key: string]: Canonical }
  // The default order of sort() is by UTF-16 units.
  const names = Object.keys(members).sort()
  return `{${names.map((name) => `${canonicalText(name)}:${canonicalText(members[name]!)}`).join(',')}}`
}

/** RFC 3261 §25.1 `token`. */
export const TOKEN = /^[\w\-.!%*+`'~]+$/

/** Parts between separators that stand outside quotes and angle brackets, trimmed. */
export const splitOutside = (text: string, separator: ',' | ';'): string[] => {
  const parts: string[] = []
  let from = 0
  let quoted = false
  let angle = false
  for (let i = 0; i < text.length; i++) {
    const c = text[i]
    if (quoted) {
      if (c === '\\') i++
      else if (c === '"') quoted = false
    } else if (c === '"') quoted = true
    else if (c === '<') angle = true
    else if (c === '>') angle = false
    else if (c === separator && !angle) {
      parts.push(text.slice(from, i).trim())
      from = i + 1
    }
  }
  parts.push(text.slice(from).trim())
  return parts
}

/** Text of a quoted string, or the text itself. */
export const unquote = (text: string): string =>
  text.length > 1 && text.startsWith('"') && text.endsWith('"')
    ? text.slice(1, -1).replace(/\\(.)/g, '$1')
    : text

/** A quoted string (§25.1 `quoted-string`). */
export const quote = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`

/** Parameters by lower-case name; a flag has the value "". Null when one has no name. */
export const readParams = (parts: readonly string[]): Map<string, string> | null => {
  const params = new Map<string, string>()
  for (const part of parts) {
    if (part === '') continue
    const equals = part.indexOf('=')
    const name = (equals < 0 ? part : part.slice(0, equals)).trim().toLowerCase()
    if (!TOKEN.test(name)) return null
    if (!params.has(name))
      params.set(name, equals < 0 ? '' : unquote(part.slice(equals + 1).trim()))
  }
  return params
}

/** A whole number up to `max`, or null. */
export const readNumber = (text: string | undefined, max: number): number | null => {
  if (text === undefined || !/^\d{1,10}$/.test(text)) return null
  const value = Number(text)
  return value <= max ? value : null
}

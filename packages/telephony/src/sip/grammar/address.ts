import { readParams, splitOutside, unquote } from './text.ts'

/** A From, To, Contact, Route … (RFC 3261 §20.10): an address with a name and parameters. */
export interface NameAddress {
  readonly display: string
  /** As it was written. */
  readonly uri: string
  readonly params: ReadonlyMap<string, string>
}

const BRACKETED = /^("(?:\\.|[^"\\])*"\s*|[^<>"]*)<([^<>\s]+)>$/

/** Null when it is not one. */
export const readAddress = (text: string): NameAddress | null => {
  const [first = '', ...rest] = splitOutside(text, ';')
  const params = readParams(rest)
  if (!params) return null
  const bracketed = BRACKETED.exec(first)
  if (bracketed) return { display: unquote(bracketed[1]!.trim()), uri: bracketed[2]!, params }
  // Without brackets, parameters are the header's and not the address's (§20.10).
  return /^[a-z][a-z\d+.-]*:[^\s<>"]+$/i.test(first) ? { display: '', uri: first, params } : null
}

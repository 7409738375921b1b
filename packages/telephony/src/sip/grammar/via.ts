import { readNumber, readParams, splitOutside } from './text.ts'
import { hostText } from './uri.ts'

/** One Via (RFC 3261 §20.42). */
export interface Via {
  /** `UDP`, `TCP` … */
  readonly transport: string
  /** Lower case, IPv6 without brackets. */
  readonly host: string
  /** 0 when none is given. */
  readonly port: number
  readonly params: ReadonlyMap<string, string>
}

/** What a branch begins with when it is unique by itself (§8.1.1.7). */
export const MAGIC = 'z9hG4bK'

const SENT = /^SIP\s*\/\s*2\.0\s*\/\s*([\w-]+)\s+([a-z\d.-]+|\[[\da-f:.]+\])(?:\s*:\s*(\d{1,5}))?$/i

/** Null when it is not one. */
export const readVia = (text: string): Via | null => {
  const [first = '', ...rest] = splitOutside(text, ';')
  const sent = SENT.exec(first)
  const params = readParams(rest)
  const port = sent?.[3] === undefined ? 0 : readNumber(sent[3], 65_535)
  if (!sent || !params || port === null) return null
  return {
    transport: sent[1]!.toUpperCase(),
    host: sent[2]!.toLowerCase().replace(/^\[|\]$/g, ''),
    port,
    params,
  }
}

/**
 * The topmost Via with where the request came from written into it: `received` where it differs from
 * what is claimed (§18.2.1), and always with `rport` (RFC 3581 §4).
 */
export const stampVia = (text: string, from: { address: string; port: number }): string => {
  const via = readVia(text)
  if (!via) return text
  const asked = via.params.has('rport')
  const kept = splitOutside(text, ';').filter((part) => !/^(received|rport)\s*(=|$)/i.test(part))
  if (asked) kept.push(`rport=${from.port}`)
  if (asked || via.host !== from.address) kept.push(`received=${hostText(from.address)}`)
  return kept.join(';')
}

import { readNumber, readParams } from './text.ts'

/** A `sip:`, `sips:` or `tel:` address (RFC 3261 §19.1, RFC 3966). */
export interface Uri {
  readonly scheme: 'sip' | 'sips' | 'tel'
  /** Without password, escapes resolved; the number of a `tel:` address. */
  readonly user: string
  /** Lower case, IPv6 without brackets; empty for `tel:`. */
  readonly host: string
  /** 0 when none is given. */
  readonly port: number
  readonly params: ReadonlyMap<string, string>
}

const SIP =
  /^(sips?):(?:([\w\-.!~*'()%&=+$,;?/#]+)(?::[^@\s<>"]*)?@)?([a-z\d.-]+|\[[\da-f:.]+\])(?::(\d{1,5}))?((?:;[^?\s<>"]*)?)((?:\?[^\s<>"]*)?)$/i
const TEL = /^tel:([\d+*#a-d().-]+)((?:;[^\s<>"]*)?)$/i

const unescaped = (text: string): string | null => {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}

/** Null for anything else. */
export const readUri = (text: string): Uri | null => {
  if (text.length > 1024) return null
  const tel = TEL.exec(text)
  if (tel) {
    const params = readParams(tel[2]!.split(';'))
    return params && { scheme: 'tel', user: tel[1]!, host: '', port: 0, params }
  }
  const sip = SIP.exec(text)
  if (!sip) return null
  const [, scheme, rawUser = '', rawHost, rawPort, rawParams] = sip
  const user = unescaped(rawUser)
  const params = readParams(rawParams!.split(';'))
  const port = rawPort === undefined ? 0 : readNumber(rawPort, 65_535)
  if (user === null || !params || port === null) return null
  const host = rawHost!.toLowerCase().replace(/^\[|\]$/g, '')
  return { scheme: scheme!.toLowerCase() as 'sip' | 'sips', user, host, port, params }
}

/** The user part of an address, with everything escaped that needs it (§19.1.1). */
export const escapeUser = (user: string): string =>
  encodeURIComponent(user).replace(/%(2B|2F|3F|3B|2C|24|26|3D)/g, (c) => decodeURIComponent(c))

/** An address as a host: IPv6 in brackets. */
export const hostText = (host: string): string => (host.includes(':') ? `[${host}]` : host)

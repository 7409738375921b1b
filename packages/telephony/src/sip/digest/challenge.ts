import { createHash } from 'node:crypto'
import { quote, readParams, splitOutside } from '../grammar/text.ts'

/** Digest algorithms that we compute (RFC 8760), by the name in the challenge. */
const HASHES = { md5: 'md5', 'sha-256': 'sha256', 'sha-512-256': 'sha512-256' } as const

/** A challenge that we can answer. */
export interface Challenge {
  readonly realm: string
  readonly nonce: string
  readonly opaque: string | null
  /** As the challenge writes it; null for none, which means MD5. */
  readonly algorithm: string | null
  readonly hash: (typeof HASHES)[keyof typeof HASHES]
  /** Whether `qop=auth` is offered; without it the challenge is that of RFC 2069. */
  readonly qop: boolean
  /** The nonce was too old, the password may be right. */
  readonly stale: boolean
}

/** Null for another scheme, algorithm or quality of protection. */
export const readChallenge = (text: string): Challenge | null => {
  const rest = /^digest\s+(.*)$/is.exec(text)?.[1]
  const params = rest === undefined ? null : readParams(splitOutside(rest, ','))
  const realm = params?.get('realm')
  const nonce = params?.get('nonce')
  if (!params || realm === undefined || !nonce) return null
  const algorithm = params.get('algorithm') ?? null
  const name = (algorithm ?? 'md5').toLowerCase()
  const qops = params.get('qop')
  const qop = qops?.split(',').some((one) => one.trim().toLowerCase() === 'auth') ?? false
  if (!Object.hasOwn(HASHES, name) || (qops && !qop)) return null
  return {
    realm,
    nonce,
    opaque: params.get('opaque') ?? null,
    algorithm,
    hash: HASHES[name as keyof typeof HASHES],
    qop,
    stale: params.get('stale')?.toLowerCase() === 'true',
  }
}

export interface Credentials {
  readonly user: string
  readonly password: string
}

/** What of a request goes into a digest. `count` is the use of the nonce, from 1. */
export interface Signed {
  readonly method: string
  readonly uri: string
  readonly count: number
  readonly cnonce: string
}

/** Text of ours as messages hold it: Latin-1 of its UTF-8 bytes. */
const wire = (text: string) => Buffer.from(text, 'utf8').toString('latin1')

const nonceCount = (count: number) => count.toString(16).padStart(8, '0')

/** The `response` of a digest (RFC 7616 §3.4.1). */
export const digestResponse = (
  c: Pick<Challenge, 'realm' | 'nonce' | 'hash' | 'qop'>,
  { user, password }: Credentials,
  sent: Signed,
): string => {
  const hash = (text: string) => createHash(c.hash).update(text, 'latin1').digest('hex')
  const secret = hash(`${wire(user)}:${c.realm}:${wire(password)}`)
  const what = hash(`${sent.method}:${sent.uri}`)
  return c.qop
    ? hash(`${secret}:${c.nonce}:${nonceCount(sent.count)}:${sent.cnonce}:auth:${what}`)
    : hash(`${secret}:${c.nonce}:${what}`)
}

/** The value of Authorization or Proxy-Authorization. */
export const answerChallenge = (c: Challenge, credentials: Credentials, sent: Signed): string =>
  `Digest ${[
    `username=${quote(wire(credentials.user))}`,
    `realm=${quote(c.realm)}`,
    `nonce=${quote(c.nonce)}`,
    `uri=${quote(sent.uri)}`,
    `response="${digestResponse(c, credentials, sent)}"`,
    ...(c.algorithm === null ? [] : [`algorithm=${c.algorithm}`]),
    ...(c.opaque === null ? [] : [`opaque=${quote(c.opaque)}`]),
    ...(c.qop ? ['qop=auth', `nc=${nonceCount(sent.count)}`, `cnonce="${sent.cnonce}"`] : []),
  ].join(', ')}`

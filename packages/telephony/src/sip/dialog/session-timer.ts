import { readNumber } from '../grammar/text.ts'
import type { SipMessage } from '../message/message.ts'

/** Seconds; the least that RFC 4028 §4 allows, and what we ask for. */
export const MIN_INTERVAL = 90
export const INTERVAL = 1800
const MAX_INTERVAL = 2 ** 31 - 1

/** A call that ends by itself unless somebody refreshes it in time (RFC 4028). */
export interface SessionTimer {
  /** Seconds. */
  readonly interval: number
  readonly weRefresh: boolean
}

interface SessionExpires {
  readonly interval: number
  readonly refresher: 'uac' | 'uas' | null
}

export const readSessionExpires = (message: SipMessage): SessionExpires | null => {
  const [value, ...params] = (message.headers.get('Session-Expires') ?? '').split(';')
  const interval = readNumber(value?.trim(), MAX_INTERVAL)
  if (interval === null) return null
  const refresher = params
    .map((param) => /^\s*refresher\s*=\s*(ua[cs])\s*$/i.exec(param)?.[1]?.toLowerCase())
    .find(Boolean)
  return { interval, refresher: (refresher as 'uac' | 'uas' | undefined) ?? null }
}

/** Min-SE of a 422, or of a request. */
export const readMinInterval = (message: SipMessage): number =>
  Math.max(
    MIN_INTERVAL,
    readNumber(message.headers.get('Min-SE')?.split(';')[0]?.trim(), MAX_INTERVAL) ?? 0,
  )

/** What the 2xx to our request means (§7.2); null for no timer. */
export const timerOfResponse = (response: SipMessage): SessionTimer | null => {
  const expires = readSessionExpires(response)
  if (!expires || expires.interval < MIN_INTERVAL) return null
  return { interval: expires.interval, weRefresh: expires.refresher !== 'uas' }
}

/**
 * Our answer to a request that may ask for a timer (§9): `tooSmall` wants a 422, `headers` go into
 * the 2xx.
 */
export const answerTimer = (
  message: SipMessage,
):
  | { tooSmall: true }
  | { tooSmall: false; timer: SessionTimer | null; headers: Record<string, string> } => {
  const expires = readSessionExpires(message)
  if (!expires) return { tooSmall: false, timer: null, headers: {} }
  const supported = message.headers.names('Supported', 'timer')
  if (expires.interval < MIN_INTERVAL && supported) return { tooSmall: true }
  const interval = Math.max(expires.interval, MIN_INTERVAL)
  const refresher = supported ? (expires.refresher ?? 'uac') : 'uas'
  return {
    tooSmall: false,
    timer: { interval, weRefresh: refresher === 'uas' },
    headers: {
      'Session-Expires': `${interval};refresher=${refresher}`,
      ...(refresher === 'uac' ? { Require: 'timer' } : {}),
    },
  }
}

/** Milliseconds until we refresh (half), or until the call counts as dead (§10). */
export const timerDelay = ({ interval, weRefresh }: SessionTimer): number =>
  1000 * (weRefresh ? interval / 2 : interval - Math.min(32, Math.floor(interval / 3)))

import { contentType } from '../agent/capabilities.ts'
import type { SipRequest } from '../sip/message/message.ts'

const KEYS: Readonly<Record<string, string>> = { '10': '*', '11': '#' }

const keyOf = (text: string | undefined): string | null => {
  const key = KEYS[text ?? ''] ?? text?.toUpperCase()
  return key && /^[\d*#A-D]$/.test(key) ? key : null
}

/**
 * The key in an INFO: `Signal=5` of `application/dtmf-relay`, or the bare key of `application/dtmf`.
 * A status when it has none.
 */
export const readDtmfInfo = (request: SipRequest): { digit: string } | { status: number } => {
  const body = request.body.toString('latin1')
  const type = contentType(request)
  // An INFO without a body asks whether the call is alive.
  if (!request.body.length) return { status: 200 }
  if (type !== 'application/dtmf-relay' && type !== 'application/dtmf') return { status: 415 }
  const digit = keyOf(
    type === 'application/dtmf'
      ? body.trim()
      : /^\s*signal\s*=\s*([\w*#]{1,2})\s*$/im.exec(body.slice(0, 256))?.[1],
  )
  return digit ? { digit } : { status: 400 }
}

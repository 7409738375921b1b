import { ProtocolError, refusalMessage } from '@yuntang/protocol'
import type { Clock } from '../core/clock.ts'

/** Spec 02 §3. */
const TIMEOUT_MS = 5000
/** An answer is `{code, desc}`; more than this is none. */
const ANSWER_BYTES = 16 * 1024

/** What the application's check is told: the body of the POST. */
export interface UserCheckRequest {
  readonly authAcnt: string
  readonly userID: string
  readonly nickName: string
  readonly userAuthCode: string
}

const readBounded = async (response: Response): Promise<string> => {
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength
    if (bytes > ANSWER_BYTES) throw new Error('The answer is too long')
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}

const post = async (url: string, body: UserCheckRequest, signal: AbortSignal): Promise<unknown> => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(body),
    redirect: 'error',
    signal,
  })
  if (response.status !== 200) {
    await response.body?.cancel()
    throw new Error(`The answer has status ${response.status}`)
  }
  return JSON.parse(await readBounded(response))
}

const ask = async (url: string, body: UserCheckRequest, clock: Clock): Promise<unknown> => {
  const timeout = new AbortController()
  const cancel = clock.schedule(TIMEOUT_MS, () => timeout.abort(new Error('No answer in time')))
  try {
    return await post(url, body, timeout.signal)
  } finally {
    cancel()
  }
}

/** Told why a check could not be used; the page only learns that it could not. */
export type OnUnreachable = (error: unknown) => void

/**
 * One POST to the application's own user check (spec 02 §3). Resolves when it accepts.
 * @throws ProtocolError auth.refused with its code and text, or auth.unreachable for anything else.
 */
export const checkUser = async (
  url: string,
  body: UserCheckRequest,
  clock: Clock,
  onUnreachable: OnUnreachable,
): Promise<void> => {
  const answer = await ask(url, body, clock).catch((error: unknown) => {
    onUnreachable(error)
    throw new ProtocolError('auth.unreachable')
  })
  const { code, desc } = Object(answer) as Record<string, unknown>
  if (code === 0) return
  if (typeof code === 'number')
    throw new ProtocolError(
      'auth.refused',
      refusalMessage({ code, desc: typeof desc === 'string' ? desc : '' }),
    )
  onUnreachable(new Error('The answer has no code'))
  throw new ProtocolError('auth.unreachable')
}

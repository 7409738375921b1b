import type { ErrorCode } from '@yuntang/protocol'
import { YuntangError } from '../errors.ts'
import { HTTP_RESULT } from '../http-files/api.ts'
import { Failure } from '../http-files/run.ts'

/** What a page is told instead, so that it gets one of the codes of spec 10 §3. */
const TOLD: Partial<Record<ErrorCode, ErrorCode>> = {
  'files.unreadable': 'recording.unknown',
  'connection.failed': 'connection.lost',
  'connection.socket': 'connection.lost',
  'session.unknown': 'connection.lost',
  'session.replaced': 'session.closed',
  'rate.exceeded': 'request.timeout',
  'disk.full': 'record.full',
}

/** Codes of spec 10 §3: not allowed, no server, network, closed. */
const KNOWN: readonly number[] = [9, 201, 202, 205, 206, 207, 1000, 1200, 1201]

const codeOf = (result: number): ErrorCode => {
  if (result === HTTP_RESULT.network) return 'connection.lost'
  if (result === HTTP_RESULT.timeout) return 'request.timeout'
  return result === HTTP_RESULT.file ? 'recording.unknown' : 'record.failed'
}

/** Why an upload failed, in the words of spec 10 §3; everything else is the server's refusal (1000). */
export const uploadError = (error: unknown): YuntangError => {
  if (error instanceof Failure) return new YuntangError(codeOf(error.result))
  if (!(error instanceof YuntangError)) return new YuntangError('record.failed')
  const told = TOLD[error.code]
  if (told) return new YuntangError(told)
  return KNOWN.includes(error.sdk) && error.code !== 'file.owner'
    ? error
    : new YuntangError('record.failed', error.message)
}

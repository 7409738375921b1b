import { ERRORS, type ErrorCode, isErrorCode } from '@yuntang/protocol'
import type { YuntangErrorShape } from './api.ts'

/** Every failure of the SDK; `code` is a key of the error table, `sdk` the classic number. */
export class YuntangError extends Error implements YuntangErrorShape {
  override readonly name = 'YuntangError'
  readonly sdk: number
  constructor(
    readonly code: ErrorCode,
    detail?: string,
  ) {
    super(detail || ERRORS[code].text)
    this.sdk = ERRORS[code].sdk
  }
}

/** The error that a server's error object stands for; codes of newer servers become `unknown`. */
export const fromWire = (error: { code?: unknown; message?: unknown }): YuntangError =>
  new YuntangError(
    isErrorCode(error.code) ? error.code : 'unknown',
    typeof error.message === 'string' ? error.message : undefined,
  )

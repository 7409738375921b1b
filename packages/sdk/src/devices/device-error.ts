import { YuntangError } from '../errors.ts'

/** What the browser's refusal to open a device means. */
export const deviceError = (error: unknown): YuntangError => {
  if (error instanceof YuntangError) return error
  const name = error instanceof Error ? error.name : ''
  if (name === 'NotAllowedError' || name === 'SecurityError')
    return new YuntangError('permission.denied')
  if (name === 'NotFoundError' || name === 'OverconstrainedError')
    return new YuntangError('device.none')
  return new YuntangError('media.failed')
}

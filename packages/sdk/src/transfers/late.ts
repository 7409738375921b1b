import { YuntangError } from '../errors.ts'

/** The server reads a long file before it confirms it: so often an answer may be late. */
export const LATE_ANSWERS = 40

export const isLate = (error: unknown): boolean =>
  error instanceof YuntangError && error.code === 'request.timeout'

/** Asks again what may be asked twice, until the answer comes in time. */
export const untilAnswered = async <T>(ask: () => Promise<T>): Promise<T> => {
  for (let late = 0; ; late++) {
    try {
      return await ask()
    } catch (error) {
      if (late >= LATE_ANSWERS || !isLate(error)) throw error
    }
  }
}

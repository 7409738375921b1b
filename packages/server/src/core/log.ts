import { type DestinationStream, pino } from 'pino'

/** Levels that LOG_LEVEL takes. */
export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

interface Write {
  (fields: object, message?: string): void
  (message: string): void
}

/** What the server's parts write to. `child` binds context once, so that no call repeats it. */
export interface Log {
  trace: Write
  debug: Write
  info: Write
  warn: Write
  error: Write
  child(bindings: Record<string, unknown>): Log
}

/** Fields that are never written, at the top and up to two levels below. */
const SECRETS = [
  'password',
  'passwordHash',
  'token',
  'proof',
  'authCode',
  'userAuthCode',
  'resume',
  'credential',
]
const HEADERS = ['authorization', 'cookie'].map((name) => `req.headers.${name}`)
const PATHS = SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`])

const CAUSES = 5

/** Drivers append the values of a failed statement: they may be passwords. */
export const withoutValues = (text: string): string => text.replace(/\nparams:[\s\S]*/, '')

/** An error as it is written: its kind and where, never the values that came along. */
const plainError = (error: unknown, depth = 0): unknown => {
  if (!(error instanceof Error)) return { type: typeof error }
  const { name, message, stack, cause } = error
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  return {
    type: name,
    message: withoutValues(message),
    ...(code === undefined ? {} : { code }),
    // Below the first line: that one repeats the message.
    stack: stack
      ?.split('\n')
      .filter((line) => /^\s+at /.test(line))
      .join('\n'),
    ...(cause === undefined || depth >= CAUSES ? {} : { cause: plainError(cause, depth + 1) }),
  }
}

/** Makes the process's logger: JSON lines on standard output, or to `destination`. */
export const createLog = (level: LogLevel, destination?: DestinationStream): Log => {
  const options = {
    level,
    base: null,
    serializers: { err: (error: unknown) => plainError(error) },
    redact: { paths: [...PATHS, ...HEADERS], censor: '[secret]' },
  }
  return destination ? pino(options, destination) : pino(options)
}

const nothing: Write = () => {}

/** A logger that writes nothing. */
export const silentLog: Log = {
  trace: nothing,
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  child: () => silentLog,
}

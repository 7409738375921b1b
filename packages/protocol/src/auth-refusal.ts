/** What the application's own user check answered when it refused (spec 02 §3). */
export interface AuthRefusal {
  readonly code: number
  readonly desc: string
}

const DESC_CHARS = 1000

/** The refusal as the message of an `auth.refused` error: the one error whose message is data. */
export const refusalMessage = ({ code, desc }: AuthRefusal): string =>
  JSON.stringify({ code, desc: desc.slice(0, DESC_CHARS) })

/** Reads the message of an `auth.refused` error; null when it carries no refusal. */
export const parseRefusal = (message: string): AuthRefusal | null => {
  try {
    const { code, desc } = JSON.parse(message) as Partial<Record<string, unknown>>
    return typeof code === 'number' ? { code, desc: typeof desc === 'string' ? desc : '' } : null
  } catch {
    return null
  }
}

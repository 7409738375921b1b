/** PostgreSQL's text cannot hold U+0000; a nickname or subject loses it instead of failing. */
export const storable = (text: string): string => text.replaceAll('\u0000', '')

const UNIQUE_VIOLATION = '23505'

/** The name of the violated constraint; both drivers' errors arrive wrapped by Drizzle. */
export const violatedConstraint = (error: unknown): string | null => {
  for (let e = error; e instanceof Error; e = e.cause) {
    const { code, constraint, constraint_name } = e as Error & Record<string, unknown>
    if (code === UNIQUE_VIOLATION) return String(constraint ?? constraint_name)
  }
  return null
}

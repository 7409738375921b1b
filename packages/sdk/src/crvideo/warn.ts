/** The one line that a function without a result callback leaves behind (spec 00 §2). */
export function warn(message: string, cause?: unknown): void {
  const reason = cause instanceof Error ? `: ${cause.message}` : ''
  console.warn(`[CRVideo] ${message}${reason}`)
}

/** Hands a page's own error to the page's error reporting (spec 00 §3 rule 5). */
export function reportPageError(error: unknown): void {
  if (typeof globalThis.reportError === 'function') globalThis.reportError(error)
  else console.error(error)
}

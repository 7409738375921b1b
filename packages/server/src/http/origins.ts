/**
 * Whether a page of this origin may use the server (spec 00 §11). Programs that are no browser send
 * no origin and are not the ones this protects from; the server's own pages always may.
 * @param allowed lower-case origins; null for any.
 * @param host the request's `Host` header.
 */
export const isOriginAllowed = (
  allowed: readonly string[] | null,
  origin: string | undefined,
  host: string | undefined,
): boolean => {
  if (allowed === null || origin === undefined) return true
  if (allowed.includes(origin.toLowerCase())) return true
  return URL.canParse(origin) && host !== undefined && new URL(origin).host === host.toLowerCase()
}

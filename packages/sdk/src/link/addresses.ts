/** The page's own place, as far as addresses depend on it. */
export interface PageOrigin {
  /** `location.protocol`, e.g. `https:`. */
  readonly protocol: string
  readonly hostname: string
  /** `""` for the scheme's own port. */
  readonly port: string
}

const SEPARATORS = /[;；,，\n\r]+/
const SECURE: Record<string, boolean> = { http: false, ws: false, https: true, wss: true }

const isWeb = (page: PageOrigin | null): page is PageOrigin =>
  page !== null && (page.protocol === 'http:' || page.protocol === 'https:')

/** One address as a socket URL, or null when it is none. */
const socketUrl = (address: string, page: PageOrigin | null): string | null => {
  const [, scheme, rest] = /^(?:([a-z]+):\/\/)?(.*)$/i.exec(address) ?? []
  if (!rest) return null
  const secure = scheme ? SECURE[scheme.toLowerCase()] : page?.protocol === 'https:'
  if (secure === undefined) return null
  try {
    // Parsed under http so that an address's own port 80 or 443 never silently disappears.
    const { hostname, username } = new URL(`http://${rest}`)
    if (!hostname || username) return null
    const given = /^[^/?#]*:(\d+)(?:[/?#]|$)/.exec(rest)?.[1]
    const port = given ?? (isWeb(page) && hostname === page.hostname && !scheme ? page.port : '')
    return new URL(`${secure ? 'wss' : 'ws'}://${hostname}${port ? `:${port}` : ''}/ws`).href
  } catch {
    return null
  }
}

/** The server's address for HTTP, without a slash at the end, by the URL of its socket. */
export const httpBase = (socketUrl: string): string => socketUrl.replace(/^ws(.*)\/ws$/, 'http$1')

/**
 * Socket URLs of a server list in order of trying (spec 02, SetServerAddr): the one that last worked
 * first. An empty list stands for the page's own origin; the result is empty when nothing is usable.
 */
export const socketUrls = (
  server: string | readonly string[],
  page: PageOrigin | null,
  lastWorked: string | null,
): string[] => {
  const given = (typeof server === 'string' ? [server] : server)
    .flatMap((text) => text.split(SEPARATORS))
    .map((text) => text.trim())
    .filter((text) => text !== '')
  if (given.length === 0 && isWeb(page))
    given.push(`${page.protocol}//${page.hostname}${page.port ? `:${page.port}` : ''}`)
  const urls = given.flatMap((address) => socketUrl(address, page) ?? [])
  const unique = [...new Set(urls)]
  return lastWorked !== null && unique.includes(lastWorked)
    ? [lastWorked, ...unique.filter((url) => url !== lastWorked)]
    : unique
}

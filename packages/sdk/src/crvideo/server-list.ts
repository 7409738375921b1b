/** The addresses of a server list text; none means the page's own origin (spec 02, SetServerAddr). */
export function serverList(list: string, ownOrigin: string): string[] {
  const given = list
    .split(/[;；,，\r\n]/)
    .map((address) => address.trim())
    .filter((address) => address !== '')
  if (given.length > 0) return given
  return /^https?:\/\//.test(ownOrigin) ? [ownOrigin] : []
}

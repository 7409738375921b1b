/** Whether a URL leads to something that this page may read. */
export const isThere = async (url: string): Promise<boolean> => {
  const abort = new AbortController()
  try {
    return (await fetch(url, { signal: abort.signal })).ok
  } catch {
    return false
  } finally {
    abort.abort()
  }
}

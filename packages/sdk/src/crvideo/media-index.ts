import type { Unsubscribe } from '../api.ts'

const MOST_NAMES = 10_000
const MOST_CHARS = 1_000_000

const fetchMediaIndex = async (work: string): Promise<readonly string[]> => {
  if (!/^https?:\/\//i.test(work)) return []
  try {
    const answer = await fetch(`${work}/media/index.json`)
    const body = answer.ok ? await answer.text() : '[]'
    const names: unknown = body.length > MOST_CHARS ? [] : JSON.parse(body)
    if (!Array.isArray(names)) return []
    return names
      .filter((name): name is string => typeof name === 'string' && /^[^\\/]{1,255}$/.test(name))
      .slice(0, MOST_NAMES)
  } catch {
    return [] // no list, or one that is none
  }
}

/**
 * Tells the names of the media files that lie beside the page, by `<work>/media/index.json` (spec 10,
 * GetAllFilesInMediaPath): none where the work directory is no URL or there is no such list, which the
 * browser notes on the console. Nothing is told once it was unsubscribed.
 */
export const followMediaIndex = (
  work: string,
  told: (names: readonly string[]) => void,
): Unsubscribe => {
  let over = false
  told([])
  fetchMediaIndex(work).then((names) => {
    if (!over) told(names)
  })
  return () => {
    over = true
    told([])
  }
}

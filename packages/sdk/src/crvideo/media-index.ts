const MOST_NAMES = 10_000
const MOST_CHARS = 1_000_000

const fetchNames = async (work: string): Promise<readonly string[]> => {
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
 * Names of the media files that lie beside the page, by `<work>/media/index.json` (spec 10,
 * GetAllFilesInMediaPath): none where the work directory is no URL or there is no such list. Browsers
 * note a missing one on the console, so it is looked for only when {@link look} is called.
 */
export class MediaIndex {
  names: readonly string[] = []
  private looked = false

  constructor(private readonly work: string) {}

  /** Looks once; the names are there a while later. */
  look(): void {
    if (this.looked) return
    this.looked = true
    fetchNames(this.work).then((names) => {
      this.names = names
    })
  }
}

import type { MemberInfo, Watch } from '../api.ts'
import type { CameraWatch } from '../media/port.ts'

/** What the watches of a meeting stand on. */
export interface WatchSources {
  readonly me: string
  member(userID: string): MemberInfo | null
  /** Picture that is there now. */
  stream(userID: string, videoID: number): MediaStream | null
  /** Tells the media connection which cameras of others are wanted. */
  want(list: readonly CameraWatch[]): void
}

/** All standing wishes for pictures in one meeting. */
export interface Watches {
  add(
    want: { userID: string; videoID: number; height: number },
    onStream: (stream: MediaStream | null) => void,
  ): Watch
  /** Members, streams or cameras changed. */
  refresh(): void
  readonly size: number
  /** Every watch gets null; none is served afterwards. */
  close(): void
}

interface Entry {
  readonly userID: string
  readonly videoID: number
  height: number
  shown: MediaStream | null
  readonly onStream: (stream: MediaStream | null) => void
}

export const createWatches = (sources: WatchSources): Watches => {
  const entries = new Set<Entry>()
  let told = '[]'

  const show = (entry: Entry, stream: MediaStream | null) => {
    if (entry.shown === stream) return
    entry.shown = stream
    try {
      entry.onStream(stream)
    } catch (error) {
      console.error(error)
    }
  }

  /** The camera that a wish means now; null while it is not sent. */
  const camera = ({ userID, videoID }: Entry): number | null => {
    const member = sources.member(userID)
    if (member?.video !== 3) return null
    const id = videoID === -1 ? (member.sending[0] ?? 0) : videoID
    return member.sending.includes(id) ? id : null
  }

  const tell = () => {
    const heights = new Map<string, CameraWatch>()
    for (const entry of entries) {
      const videoID = camera(entry)
      if (videoID === null || entry.height <= 0 || entry.userID === sources.me) continue
      const key = `${videoID} ${entry.userID}`
      const height = Math.max(heights.get(key)?.height ?? 0, entry.height)
      heights.set(key, { userID: entry.userID, videoID, height })
    }
    const list = [...heights.values()]
    const text = JSON.stringify(list)
    if (text === told) return
    told = text
    sources.want(list)
  }

  const refresh = () => {
    tell()
    for (const entry of [...entries]) {
      const videoID = camera(entry)
      show(entry, videoID === null ? null : sources.stream(entry.userID, videoID))
    }
  }

  return {
    add(want, onStream) {
      const entry: Entry = { ...want, height: cleanHeight(want.height), shown: null, onStream }
      entries.add(entry)
      refresh()
      return {
        resize(height) {
          entry.height = cleanHeight(height)
          tell()
        },
        close() {
          if (entries.delete(entry)) tell()
        },
      }
    },
    refresh,
    get size() {
      return entries.size
    },
    close() {
      const all = [...entries]
      entries.clear()
      for (const entry of all) show(entry, null)
    },
  }
}

const cleanHeight = (height: number) =>
  Number.isFinite(height) ? Math.min(8192, Math.max(0, Math.ceil(height))) : 0

import type { MediaControls, Meeting, Watch } from '../api.ts'
import type { RecordContent, RecordRegion } from './api.ts'
import { followPicture, type StreamPicture } from './stream-picture.ts'

/** Where pictures come from now. */
export interface ViewSources {
  readonly meeting: Meeting | null
  readonly media: MediaControls | null
}

interface View {
  /** What it looks at; another one needs another view. */
  readonly source: object
  readonly watch: Watch
  height: number
  readonly picture: StreamPicture | null
}

/** The streams that the regions of a recording need now. */
export interface Views {
  /** Wants what these regions show, and nothing else. */
  want(sources: ViewSources, regions: readonly RecordRegion[]): void
  picture(content: RecordContent): StreamPicture['now']
  close(): void
}

const keyOf = (content: RecordContent): string | null => {
  if (content.kind === 'camera') return `camera ${content.videoID} ${content.userID}`
  return content.kind === 'screen' || content.kind === 'media' ? content.kind : null
}

/** What another view is needed for, when it changes. */
interface Sight {
  readonly source: object
  /** The pictures come from a device of this page. */
  readonly isOwn: boolean
  look(height: number, show: (stream: MediaStream | null) => void): Watch
}

const lookAt = (content: RecordContent, { meeting, media }: ViewSources): Sight | null => {
  if (content.kind === 'media')
    return (
      media && {
        source: media,
        isOwn: false,
        look: (height, show) => media.watch({ height }, show),
      }
    )
  if (!meeting) return null
  const source = meeting
  if (content.kind === 'screen')
    return { source, isOwn: false, look: (height, show) => source.screen.watch({ height }, show) }
  if (content.kind !== 'camera') return null
  const { userID, videoID } = content
  return {
    source,
    isOwn: userID === source.me,
    look: (height, show) => source.watch({ userID, videoID, height }, show),
  }
}

const open = ({ source, isOwn, look }: Sight, height: number): View => {
  let closed = false
  let picture: StreamPicture | null = null
  const watch = look(height, (stream) => {
    picture?.close()
    picture = stream && !closed ? followPicture(stream, isOwn) : null
  })
  return {
    source,
    watch: {
      resize: watch.resize,
      close() {
        closed = true
        watch.close()
        picture?.close()
      },
    },
    height,
    get picture() {
      return picture
    },
  }
}

export const createViews = (): Views => {
  const views = new Map<string, View>()

  const drop = (key: string, { watch }: View) => {
    views.delete(key)
    watch.close()
  }

  return {
    want(sources, regions) {
      const heights = new Map<string, { content: RecordContent; height: number }>()
      for (const { content, height } of regions) {
        const key = keyOf(content)
        if (key === null) continue
        heights.set(key, { content, height: Math.max(heights.get(key)?.height ?? 0, height) })
      }
      for (const [key, view] of [...views]) if (!heights.has(key)) drop(key, view)
      for (const [key, { content, height }] of heights) {
        const wanted = lookAt(content, sources)
        const view = views.get(key)
        if (view && view.source !== wanted?.source) drop(key, view)
        if (!wanted) continue
        const now = views.get(key)
        if (!now) views.set(key, open(wanted, height))
        else if (now.height !== height) {
          now.height = height
          now.watch.resize(height)
        }
      }
    },
    picture(content) {
      const key = keyOf(content)
      return (key !== null && views.get(key)?.picture?.now) || null
    },
    close() {
      for (const [key, view] of [...views]) drop(key, view)
    },
  }
}

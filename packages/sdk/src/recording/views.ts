import type { Meeting, Watch } from '../api.ts'
import type { RecordContent, RecordRegion } from './api.ts'
import { followPicture, type StreamPicture } from './stream-picture.ts'

interface View {
  readonly watch: Watch
  height: number
  readonly picture: StreamPicture | null
}

/** The streams that the regions of a recording need now. */
export interface Views {
  /** Wants what these regions show, and nothing else. */
  want(meeting: Meeting | null, regions: readonly RecordRegion[]): void
  picture(content: RecordContent): StreamPicture['now']
  close(): void
}

const keyOf = (content: RecordContent): string | null => {
  if (content.kind === 'camera') return `camera ${content.videoID} ${content.userID}`
  return content.kind === 'screen' ? 'screen' : null
}

export const createViews = (): Views => {
  const views = new Map<string, View>()
  let of: Meeting | null = null

  const drop = (key: string, { watch }: View) => {
    views.delete(key)
    watch.close()
  }
  const close = () => {
    for (const [key, view] of [...views]) drop(key, view)
  }
  const open = (meeting: Meeting, content: RecordContent, height: number): View => {
    let closed = false
    let picture: StreamPicture | null = null
    const show = (stream: MediaStream | null) => {
      picture?.close()
      picture = stream && !closed ? followPicture(stream) : null
    }
    const watch =
      content.kind === 'camera'
        ? meeting.watch({ userID: content.userID, videoID: content.videoID, height }, show)
        : meeting.screen.watch({ height }, show)
    return {
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

  return {
    want(meeting, regions) {
      if (meeting !== of) close()
      of = meeting
      const heights = new Map<string, { content: RecordContent; height: number }>()
      for (const { content, height } of regions) {
        const key = keyOf(content)
        if (key === null) continue
        heights.set(key, { content, height: Math.max(heights.get(key)?.height ?? 0, height) })
      }
      for (const [key, view] of [...views]) if (!heights.has(key)) drop(key, view)
      if (!meeting) return
      for (const [key, { content, height }] of heights) {
        const view = views.get(key)
        if (!view) views.set(key, open(meeting, content, height))
        else if (view.height !== height) {
          view.height = height
          view.watch.resize(height)
        }
      }
    },
    picture(content) {
      const key = keyOf(content)
      return (key !== null && views.get(key)?.picture?.now) || null
    },
    close,
  }
}

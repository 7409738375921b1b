import type { Watch } from '../api.ts'

interface View {
  height: number
  shown: MediaStream | null
  readonly onStream: (stream: MediaStream | null) => void
}

export interface ShareWatchesDeps {
  /** The picture that there is now. */
  stream(): MediaStream | null
  /** Lines that are wanted in all; 0: nobody looks. */
  want(height: number): void
}

/** Who looks at the meeting's share on this page. */
export interface ShareWatches {
  add(height: number, onStream: (stream: MediaStream | null) => void): Watch
  /** Share or stream are others: everybody gets what is there now. */
  refresh(): void
  /** Everybody gets nothing from now on. */
  close(): void
}

const cleanHeight = (height: number) =>
  Number.isFinite(height) ? Math.min(8192, Math.max(0, Math.ceil(height))) : 0

export const createShareWatches = ({ stream, want }: ShareWatchesDeps): ShareWatches => {
  const views = new Set<View>()
  let over = false

  const tell = () => want(Math.max(0, ...[...views].map((view) => view.height)))
  const show = (view: View, now: MediaStream | null) => {
    if (view.shown === now) return
    view.shown = now
    try {
      view.onStream(now)
    } catch (error) {
      console.error(error)
    }
  }
  const refresh = () => {
    if (over) return
    tell()
    const now = stream()
    for (const view of [...views]) show(view, now)
  }

  return {
    refresh,
    add(height, onStream) {
      if (over) return { resize() {}, close() {} }
      const view: View = { height: cleanHeight(height), shown: null, onStream }
      views.add(view)
      refresh()
      return {
        resize(lines) {
          view.height = cleanHeight(lines)
          if (!over) tell()
        },
        close() {
          if (views.delete(view) && !over) tell()
        },
      }
    },
    close() {
      over = true
      for (const view of [...views]) show(view, null)
      views.clear()
    },
  }
}

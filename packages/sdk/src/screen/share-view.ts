import type { Meeting } from '../api.ts'
import type { ShareView } from './api.ts'
import { type ControlView, controlView } from './control-view.ts'
import { ShareMarks } from './share-marks.ts'

const MOST_ZOOM = 8

/** Shows the meeting's share in an element, which keeps its own size; see {@link ShareView}. */
export function createShareView(meeting: Meeting, element: HTMLElement): ShareView {
  const { screen } = meeting
  const box = document.createElement('div')
  box.style.cssText = 'position:relative;width:100%;height:100%'
  const video = document.createElement('video')
  video.muted = true
  video.autoplay = true
  video.playsInline = true
  video.style.cssText = 'display:block;width:100%;height:100%;object-fit:contain'
  box.append(video)
  element.append(box)
  const marks = new ShareMarks(
    box,
    () => screen,
    () => true,
  )
  let controls: ControlView | null = null
  let marking = false

  const lines = () => box.clientHeight * (globalThis.devicePixelRatio || 1) * marks.zoom
  let now: MediaStream | null = null
  /** My screen, or this very tab, shown in itself would be an endless mirror. */
  const show = () => {
    const isMirror = screen.surface === 'monitor' || screen.surface === 'thisTab'
    const stream = isMirror ? null : now
    if (video.srcObject === stream) return
    video.srcObject = stream
    if (stream) video.play().catch(() => {})
  }
  const watch = screen.watch({ height: lines() }, (stream) => {
    now = stream
    show()
  })
  const size = new ResizeObserver(() => {
    watch.resize(lines())
    marks.redraw()
  })
  size.observe(box)
  const offs = [
    screen.on('marks', () => marks.redraw()),
    screen.on('changed', () => {
      show()
      marks.redraw()
    }),
  ]
  const apply = () => {
    marks.marking = marking && !controls
  }

  return {
    get marking() {
      return marking
    },
    set marking(on) {
      marking = on
      apply()
    },
    get controlling() {
      return controls !== null
    },
    set controlling(on) {
      if (!on) controls?.close()
      controls = on ? (controls ?? controlView(element, box, screen, meeting.me, () => true)) : null
      apply()
    },
    get zoom() {
      return marks.zoom
    },
    set zoom(by) {
      const zoom = Number.isFinite(by) ? Math.min(MOST_ZOOM, Math.max(1, by)) : 1
      if (zoom === marks.zoom) return
      marks.zoom = zoom
      watch.resize(lines())
      marks.redraw()
    },
    setPen: (style) => marks.setStyle(style),
    close() {
      controls?.close()
      controls = null
      size.disconnect()
      watch.close()
      for (const off of offs) off()
      video.srcObject = null
      box.remove()
    },
  }
}

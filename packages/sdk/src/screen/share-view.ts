import type { Meeting } from '../api.ts'
import type { ShareView } from './api.ts'
import { type ControlView, controlView } from './control-view.ts'
import { ShareMarks } from './share-marks.ts'

/** Shows the meeting's share in an element, which must not be static; see {@link ShareView}. */
export function createShareView(meeting: Meeting, element: HTMLElement): ShareView {
  const { screen } = meeting
  const video = document.createElement('video')
  video.muted = true
  video.autoplay = true
  video.playsInline = true
  video.style.cssText = 'display:block;width:100%;height:100%;object-fit:contain'
  element.append(video)
  const marks = new ShareMarks(
    element,
    () => screen,
    () => true,
  )
  let controls: ControlView | null = null
  let marking = false

  const lines = () => element.clientHeight * (globalThis.devicePixelRatio || 1)
  const watch = screen.watch({ height: lines() }, (stream) => {
    if (video.srcObject === stream) return
    video.srcObject = stream
    video.play().catch(() => {})
  })
  const size = new ResizeObserver(() => {
    watch.resize(lines())
    marks.redraw()
  })
  size.observe(element)
  const offs = [
    screen.on('marks', () => marks.redraw()),
    screen.on('changed', () => marks.redraw()),
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
      controls = on ? (controls ?? controlView(element, screen, meeting.me, () => true)) : null
      apply()
    },
    setPen: (style) => marks.setStyle(style),
    close() {
      controls?.close()
      controls = null
      size.disconnect()
      watch.close()
      for (const off of offs) off()
      video.srcObject = null
      video.remove()
      marks.canvas.remove()
    },
  }
}

import type { Meeting } from '../api.ts'
import { Eye, WHOLE } from '../raw/eye.ts'
import type { Facade } from './facade.ts'
import { EMPTY_IMAGE, rawImage } from './raw-image.ts'

/** How long a call subscribes, ms. */
const SUBSCRIBED = 10_000
/** How often is looked whether a handler came or went, ms. */
const LOOK = 500

/** Pictures of the share for pages that work with them (spec 09 §3). */
export class ScreenPictures {
  private eye: Eye | null = null
  private timer: ReturnType<typeof setTimeout> | null = null
  private looks: ReturnType<typeof setInterval> | null = null
  private meeting: Meeting | null = null
  private subscribed = false

  constructor(private readonly facade: Facade) {}

  /** The meeting changed: every picture is of the one before. */
  follow(meeting: Meeting | null): void {
    this.close()
    this.meeting = meeting
    if (!meeting) return
    this.looks = setInterval(() => this.refresh(), LOOK)
    meeting.screen.on('changed', () => this.refresh())
    meeting.on('ended', () => {
      if (this.meeting === meeting) this.follow(null)
    })
    this.refresh()
  }

  /** Opens and closes as needed: a handler that wants to hear of pictures, or a call not long ago. */
  refresh(): void {
    const screen = this.meeting?.screen
    const heard = screen !== undefined && screen.sharer !== '' && !screen.sharing
    const wanted =
      this.subscribed || (heard && this.facade.delivery.hasHandler('NotifyScreenShareData'))
    if (!wanted || !screen || screen.sharer === '') {
      this.eye?.close()
      this.eye = null
    } else
      this.eye ??= new Eye(
        (onStream) => screen.watch({ height: WHOLE }, onStream),
        () => this.notify(),
      )
  }

  /** JSON text of the newest picture; subscribes for some seconds. */
  newest(): string {
    if (!this.meeting) return EMPTY_IMAGE
    this.subscribed = true
    if (this.timer !== null) clearTimeout(this.timer)
    this.timer = setTimeout(() => {
      this.subscribed = false
      this.refresh()
    }, SUBSCRIBED)
    this.refresh()
    return this.eye ? rawImage(this.eye.picture(), this.eye.frameTime) : EMPTY_IMAGE
  }

  private notify(): void {
    const screen = this.meeting?.screen
    if (!screen || screen.sharing || screen.sharer === '' || !screen.area) return
    const { w: width, h: height } = screen.area
    this.facade.emit('NotifyScreenShareData', [screen.sharer, { left: 0, top: 0, width, height }])
  }

  private close(): void {
    if (this.timer !== null) clearTimeout(this.timer)
    this.timer = null
    if (this.looks !== null) clearInterval(this.looks)
    this.looks = null
    this.subscribed = false
    this.eye?.close()
    this.eye = null
  }
}

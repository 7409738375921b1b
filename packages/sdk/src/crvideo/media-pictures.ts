import type { MediaControls, Meeting } from '../api.ts'
import { Eye, WHOLE } from '../raw/eye.ts'
import type { Facade } from './facade.ts'
import { EMPTY_IMAGE, rawImage } from './raw-image.ts'

/** How long a call subscribes, ms. */
const SUBSCRIBED = 10_000
/** Least time between two notifications, ms (spec 10, CRVideo_NotifyMemberMediaData). */
const PICTURES_EVERY = 100
const SOUND_EVERY = 500

/** Pictures and positions of the media that plays, for pages that work with them (spec 10 §4). */
export class MediaPictures {
  private eye: Eye | null = null
  private looksAt: MediaControls | null = null
  private ticking: ReturnType<typeof setInterval> | null = null
  private until: ReturnType<typeof setTimeout> | null = null
  private meeting: Meeting | null = null
  private toldAt = 0

  constructor(private readonly facade: Facade) {}

  follow(meeting: Meeting | null): void {
    this.meeting = meeting
    meeting?.media.on('changed', () => this.refresh())
    meeting?.on('ended', () => this.follow(null))
    this.refresh()
  }

  /** What is shown now: own local playback before the meeting's media. */
  private get shown(): MediaControls | null {
    const local = this.facade.client?.localMedia
    if (local?.current) return local
    return this.meeting?.media.current ? this.meeting.media : null
  }

  /** Opens and closes as needed: a handler that wants to hear of it, or a call not long ago. */
  refresh(): void {
    const media = this.shown
    const heard = this.facade.delivery.hasHandler('NotifyMemberMediaData')
    const wanted = media !== null && (heard || this.until !== null)
    if (!wanted || media !== this.looksAt) this.blind()
    if (!wanted) return
    this.looksAt = media
    if (media.current?.video)
      this.eye ??= new Eye(
        (onStream) => media.watch({ height: WHOLE }, onStream),
        () => this.tell(PICTURES_EVERY),
      )
    else this.ticking ??= setInterval(() => this.tell(SOUND_EVERY), SOUND_EVERY)
  }

  /** JSON text of the newest picture; subscribes for some seconds. */
  newest(local: boolean, plays: boolean): string {
    if (!plays) return EMPTY_IMAGE
    if (this.until !== null) clearTimeout(this.until)
    this.until = setTimeout(() => {
      this.until = null
      this.refresh()
    }, SUBSCRIBED)
    this.refresh()
    const isThis = (this.looksAt === this.facade.client?.localMedia) === local
    if (!isThis || !this.eye) return EMPTY_IMAGE
    return rawImage(this.eye.picture(), this.eye.frameTime)
  }

  private tell(every: number): void {
    const current = this.looksAt?.current
    if (!this.looksAt || !current || current.paused) return
    const now = performance.now()
    // Timers are early by a little.
    if (now - this.toldAt < every * 0.9) return
    this.toldAt = now
    this.facade.emit('NotifyMemberMediaData', [current.userID, this.looksAt.position])
  }

  private blind(): void {
    this.eye?.close()
    this.eye = null
    if (this.ticking !== null) clearInterval(this.ticking)
    this.ticking = null
    this.looksAt = null
  }
}

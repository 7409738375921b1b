import type { MediaControls } from '../api.ts'
import { Eye, WHOLE } from '../raw/eye.ts'
import { EMPTY_IMAGE, rawImage } from './raw-image.ts'

/** How long a call subscribes, ms. */
const SUBSCRIBED = 10_000
/** How often is looked whether a handler came, and sound alone is told, ms. */
const EVERY = 500
/** Least time between two notifications of pictures, ms (spec 10, CRVideo_NotifyMemberMediaData). */
const PICTURES_EVERY = 100

export interface MediaLookPorts {
  /** Whether the page listens to positions. */
  heard(): boolean
  tell(userID: string, position: number): void
}

/** Pictures and positions of one media, shared or local, for a page that works with them. */
export class MediaLook {
  private eye: Eye | null = null
  private timer: ReturnType<typeof setInterval> | null = null
  private subscription: ReturnType<typeof setTimeout> | null = null
  private toldAt = 0
  private readonly off: () => void

  constructor(
    private readonly media: MediaControls,
    private readonly ports: MediaLookPorts,
  ) {
    this.off = media.on('changed', () => this.refresh())
    this.refresh()
  }

  /** JSON text of the newest picture; subscribes for some seconds. */
  newest(): string {
    if (!this.media.current) return EMPTY_IMAGE
    if (this.subscription !== null) clearTimeout(this.subscription)
    this.subscription = setTimeout(() => {
      this.subscription = null
      this.refresh()
    }, SUBSCRIBED)
    this.refresh()
    return this.eye ? rawImage(this.eye.picture(), this.eye.frameTime) : EMPTY_IMAGE
  }

  close(): void {
    this.off()
    if (this.subscription !== null) clearTimeout(this.subscription)
    this.subscription = null
    this.rest()
  }

  private refresh(): void {
    const { current } = this.media
    if (!current) {
      this.rest()
      return
    }
    this.timer ??= setInterval(() => this.tick(), EVERY)
    const isWanted = current.video && (this.subscription !== null || this.ports.heard())
    if (isWanted)
      this.eye ??= new Eye(
        (onStream) => this.media.watch({ height: WHOLE }, onStream),
        () => this.tell(PICTURES_EVERY),
      )
    else this.blind()
  }

  private tick(): void {
    this.refresh()
    if (this.media.current?.video === false) this.tell(EVERY)
  }

  private tell(every: number): void {
    const { current } = this.media
    if (!current || current.paused || !this.ports.heard()) return
    const now = performance.now()
    // Timers are early by a little.
    if (now - this.toldAt < every * 0.9) return
    this.toldAt = now
    this.ports.tell(current.userID, this.media.position)
  }

  private blind(): void {
    this.eye?.close()
    this.eye = null
  }

  private rest(): void {
    this.blind()
    if (this.timer !== null) clearInterval(this.timer)
    this.timer = null
  }
}

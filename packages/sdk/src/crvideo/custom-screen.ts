import type { Meeting } from '../api.ts'
import { PictureFeed } from '../screen/picture-feed.ts'
import type { Facade } from './facade.ts'

/** Sharing what the page feeds (spec 09 §4): asks for pictures while such a share runs. */
export class CustomScreen {
  /** Takes effect at the next start. */
  private on = false
  private feed: PictureFeed | null = null
  private timer: ReturnType<typeof setTimeout> | null = null
  private off: () => void = () => {}

  constructor(
    private readonly facade: Facade,
    private readonly fps: () => number,
  ) {}

  get enabled(): boolean {
    return this.on
  }

  /** Switching it off ends a share of fed pictures. */
  enable(on: boolean): void {
    this.on = on
    if (!on && this.feed) this.facade.meeting?.screen.stop()
  }

  /** The feed of a share that runs now. */
  get running(): PictureFeed | null {
    return this.feed
  }

  /** A source for a share that is about to start. */
  open(): PictureFeed {
    this.close()
    this.feed = new PictureFeed(this.fps)
    return this.feed
  }

  /** The share has begun: the page is asked for the first picture, and then at its rate. */
  began(meeting: Meeting): void {
    if (!this.feed) return
    const over = () => {
      if (!meeting.screen.sharing) this.close()
    }
    const ends = [meeting.screen.on('changed', over), meeting.on('ended', () => this.close())]
    this.off = () => {
      for (const end of ends) end()
    }
    this.ask()
  }

  close(): void {
    this.off()
    this.off = () => {}
    if (this.timer !== null) clearTimeout(this.timer)
    this.timer = null
    this.feed?.close()
    this.feed = null
  }

  private ask(): void {
    this.facade.emit('NotifyCatchScreen', [])
    this.timer = setTimeout(() => this.ask(), 1000 / this.fps())
  }
}

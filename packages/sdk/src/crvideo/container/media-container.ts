import type { MediaControls, Watch } from '../../api.ts'
import { flag, number } from '../convert.ts'
import { MediaToolBar } from './media-tool-bar.ts'
import type { MeetingFollower, MeetingSource } from './meeting-source.ts'
import { PictureContainer } from './picture-container.ts'
import { SoundSign } from './sound-sign.ts'
import { DETACHED_GRACE_MS, ignoreView, observeView, SMALLEST_VIEW } from './visibility.ts'

/** Numbers of the tool bar's buttons, `CRVideo_ToolBarUI`. */
const BUTTONS = ['pause', 'stop'] as const

/** Shows own local playback if one runs, else the meeting's shared media (spec 13 §5). */
export class MediaContainer extends PictureContainer implements MeetingFollower {
  private inView = false
  private watched: MediaControls | null = null
  private watch: Watch | null = null
  private detached: ReturnType<typeof setTimeout> | null = null
  private offs: (() => void)[] = []
  private readonly soundSign = new SoundSign(this.box)
  private readonly toolBar = new MediaToolBar(this.box, () => this.wanted())

  constructor(private readonly source: MeetingSource) {
    super('media')
    this.subscribe()
    source.mediaMade()
    source.follow(this)
    observeView(this.root, this)
  }

  disableToolBar(bDisable?: unknown): void {
    this.toolBar.disabled = flag(bDisable)
  }

  setToolBarUIElementVisible(UIElement?: unknown, isVisible?: unknown): void {
    const what = BUTTONS[number(UIElement, Number.NaN)]
    if (what) this.toolBar.setVisible(what, flag(isVisible))
  }

  meetingChanged(): void {
    for (const off of this.offs.splice(0)) off()
    this.subscribe()
    // Of a meeting that is over nothing stays, unless local playback goes on.
    if (!this.wanted()) {
      this.unwatch()
      this.showStream(null)
    }
    this.mediaChanged()
  }

  membersChanged(): void {}

  viewChanged(inView: boolean): void {
    this.inView = inView
    if (this.root.isConnected) {
      if (this.detached !== null) clearTimeout(this.detached)
      this.detached = null
      this.rewatch()
      this.resume()
      this.watch?.resize(this.wantedHeight())
    } else {
      // Pages move their elements about: nothing is interrupted for a moment out of the document.
      this.detached ??= setTimeout(() => this.pause(), DETACHED_GRACE_MS)
    }
  }

  protected override moved(old: HTMLElement, now: HTMLElement): void {
    ignoreView(old)
    observeView(now, this)
  }

  private wanted(): MediaControls | null {
    const { localMedia, current } = this.source
    return localMedia?.current ? localMedia : (current?.media ?? null)
  }

  private subscribe(): void {
    const self = new WeakRef(this)
    const changed = () => self.deref()?.mediaChanged()
    const { localMedia, current } = this.source
    for (const media of [localMedia, current?.media])
      if (media) this.offs.push(media.on('changed', changed))
  }

  private mediaChanged(): void {
    this.rewatch()
    const current = this.wanted()?.current
    const isSound = current?.video === false
    // The last picture stays until the next media, also one without any.
    if (isSound) this.hidePicture()
    this.soundSign.shown = isSound
    this.toolBar.refresh()
  }

  private rewatch(): void {
    const media = this.root.isConnected ? this.wanted() : this.watched
    if (media === this.watched) return
    this.unwatch()
    if (!media) return
    this.watched = media
    const self = new WeakRef(this)
    let closed = false
    const watch = media.watch({ height: this.wantedHeight() }, (stream) => {
      // The last picture stays after the end, and while the media connection is built anew.
      if (!closed) self.deref()?.showStream(stream, true)
    })
    this.watch = {
      resize: (height) => watch.resize(height),
      close: () => {
        closed = true
        watch.close()
      },
    }
  }

  /** Out of the document for long: reception ends, the last picture can still be saved. */
  private pause(): void {
    this.unwatch()
    this.showStream(null, true)
  }

  private unwatch(): void {
    this.watch?.close()
    this.watch = null
    this.watched = null
  }

  /** Device pixels; 0 while hidden, off-screen or tiny. */
  private wantedHeight(): number {
    const { clientWidth, clientHeight } = this.root
    if (!this.inView || clientWidth < SMALLEST_VIEW || clientHeight < SMALLEST_VIEW) return 0
    return Math.round(clientHeight * (globalThis.devicePixelRatio || 1))
  }
}

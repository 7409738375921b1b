import type { Watch } from '../../api.ts'
import { flag } from '../convert.ts'
import type { MeetingFollower, MeetingSource } from './meeting-source.ts'
import { MirrorNote } from './mirror-note.ts'
import { PictureContainer } from './picture-container.ts'
import { DETACHED_GRACE_MS, ignoreView, observeView, SMALLEST_VIEW } from './visibility.ts'

/** Shows the meeting's share, whoever shares (spec 13 §4). */
export class ScreenShareContainer extends PictureContainer implements MeetingFollower {
  private control = false
  private marking = false
  private watch: Watch | null = null
  private inView = false
  private detached: ReturnType<typeof setTimeout> | null = null
  private readonly note: MirrorNote

  constructor(private readonly source: MeetingSource) {
    super('share')
    this.note = new MirrorNote(this.box)
    source.follow(this)
    observeView(this.root, this)
  }

  ctrlOpen(value?: unknown): boolean | undefined {
    if (value === undefined) return this.control
    this.control = flag(value)
    return undefined
  }

  enableMarked(value?: unknown): boolean | undefined {
    if (value === undefined) return this.marking
    this.marking = flag(value)
    return undefined
  }

  /** Accepted without effect: there is nothing to draw on. */
  setPenStyle(_intRgba?: unknown, _penWidth?: unknown): void {}

  meetingChanged(): void {
    this.unwatch()
    this.showStream(null)
    this.rewatch()
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

  private rewatch(): void {
    const meeting = this.source.current
    if (this.watch || !meeting || !this.root.isConnected) return
    const { screen } = meeting
    const self = new WeakRef(this)
    let closed = false
    const watch = screen.watch({ height: this.wantedHeight() }, (stream) => {
      if (!closed) self.deref()?.streamed(stream)
    })
    const off = screen.on('changed', () => self.deref()?.mirror())
    this.watch = {
      resize: (height) => watch.resize(height),
      close: () => {
        closed = true
        off()
        watch.close()
      },
    }
    this.mirror()
  }

  /** The last picture stays after the share ended, and while the media connection is built anew. */
  private streamed(stream: MediaStream | null): void {
    if (this.mirror()) return
    this.showStream(stream, true)
  }

  /** My own screen or this very tab, shown in itself, would be an endless mirror (spec 09 §5). */
  private mirror(): boolean {
    const surface = this.source.current?.screen.surface ?? null
    const isMirror = surface === 'monitor' || surface === 'thisTab'
    this.note.shown = isMirror
    if (isMirror) this.showStream(null)
    return isMirror
  }

  /** Out of the document for long: reception ends, the last picture can still be saved. */
  private pause(): void {
    this.unwatch()
    this.showStream(null, true)
  }

  private unwatch(): void {
    this.watch?.close()
    this.watch = null
    this.note.shown = false
  }

  /** Device pixels; 0 while hidden, off-screen or tiny. */
  private wantedHeight(): number {
    const { clientWidth, clientHeight } = this.root
    if (!this.inView || clientWidth < SMALLEST_VIEW || clientHeight < SMALLEST_VIEW) return 0
    return Math.round(clientHeight * (globalThis.devicePixelRatio || 1))
  }
}

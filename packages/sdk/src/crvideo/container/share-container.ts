import type { Watch } from '../../api.ts'
import { type ControlView, controlView } from '../../screen/control-view.ts'
import { ShareMarks } from '../../screen/share-marks.ts'
import { flag, number } from '../convert.ts'
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
  private readonly marks: ShareMarks
  private controls: ControlView | null = null

  constructor(private readonly source: MeetingSource) {
    super('share')
    this.marks = new ShareMarks(
      this.box,
      () => this.source.current?.screen ?? null,
      () => this.keepAspectRatio() === true,
    )
    this.note = new MirrorNote(this.box)
    source.follow(this)
    observeView(this.root, this)
  }

  ctrlOpen(value?: unknown): boolean | undefined {
    if (value === undefined) return this.control
    this.control = flag(value)
    this.applyModes()
    return undefined
  }

  enableMarked(value?: unknown): boolean | undefined {
    if (value === undefined) return this.marking
    const on = flag(value)
    if (this.marking && !on) this.source.current?.screen.clearMarks()
    this.marking = on
    this.applyModes()
    return undefined
  }

  /** Colour `B<<16 | G<<8 | R`, width 1–64 in share pixels, of strokes drawn here from now on. */
  setPenStyle(intRgba?: unknown, penWidth?: unknown): void {
    const color = number(intRgba, 0x0000ff)
    const width = number(penWidth, 3)
    this.marks.setStyle({
      color: Number.isFinite(color) ? color & 0xffffff : 0x0000ff,
      width: Number.isFinite(width) ? Math.min(64, Math.max(1, Math.round(width))) : 3,
    })
  }

  /** Control suspends drawing (spec 09 §6). */
  private applyModes(): void {
    this.marks.marking = this.marking && !this.control
    const meeting = this.source.current
    const wanted = this.control && meeting !== null
    if (!wanted) {
      this.controls?.close()
      this.controls = null
    } else
      this.controls ??= controlView(
        this.root,
        this.box,
        meeting.screen,
        meeting.me,
        () => this.keepAspectRatio() === true,
      )
  }

  override keepAspectRatio(value?: unknown): boolean | undefined {
    const answer = super.keepAspectRatio(value)
    if (value !== undefined) this.marks.redraw()
    return answer
  }

  override clear(): void {
    super.clear()
    this.marks.canvas.hidden = true
  }

  protected override pictureShown(): void {
    this.marks.canvas.hidden = false
    this.marks.redraw()
  }

  protected override decorate(context: CanvasRenderingContext2D, w: number, h: number): void {
    this.marks.drawOnto(context, w, h)
  }

  meetingChanged(): void {
    this.unwatch()
    this.showStream(null)
    this.controls?.close()
    this.controls = null
    this.applyModes()
    this.marks.redraw()
    this.rewatch()
  }

  membersChanged(): void {}

  viewChanged(inView: boolean): void {
    this.inView = inView
    this.marks.redraw()
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
    this.controls?.close()
    this.controls = null
    this.applyModes()
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
    const offs = [
      screen.on('changed', () => self.deref()?.changed()),
      screen.on('marks', () => self.deref()?.marks.redraw()),
    ]
    this.watch = {
      resize: (height) => watch.resize(height),
      close: () => {
        closed = true
        for (const off of offs) off()
        watch.close()
      },
    }
    this.mirror()
  }

  private changed(): void {
    this.mirror()
    this.marks.redraw()
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

import type { Watch } from '../../api.ts'
import { flag, number, text } from '../convert.ts'
import type { MeetingFollower, MeetingSource } from './meeting-source.ts'
import { NickNameLabel } from './nickname-label.ts'
import { PictureContainer } from './picture-container.ts'
import {
  DETACHED_GRACE_MS,
  ignoreView,
  observeView,
  SMALLEST_VIEW,
  type ViewListener,
} from './visibility.ts'

const DEFAULT_CAMERA = -1

interface Target {
  readonly userID: string
  readonly videoID: number
}

const NOBODY: Target = { userID: '', videoID: DEFAULT_CAMERA }
const same = (a: Target, b: Target) => a.userID === b.userID && a.videoID === b.videoID

/** Shows one camera of one member; the target is a standing wish (spec 13 §3). */
export class VideoContainer extends PictureContainer implements MeetingFollower, ViewListener {
  _usrID = ''
  _videoID = DEFAULT_CAMERA
  _visibleNickName = true
  private target = NOBODY
  private applied = NOBODY
  private watch: Watch | null = null
  private cleared = false
  private settling = false
  private inView = false
  private detached: ReturnType<typeof setTimeout> | null = null
  private readonly label: NickNameLabel

  constructor(private readonly source: MeetingSource) {
    super('video')
    this.label = new NickNameLabel(this.box)
    source.follow(this)
    observeView(this.root, this)
  }

  /** Chooses what to show; only the state at the end of the tick counts. */
  setVideo(userID?: unknown, videoID?: unknown): void {
    const camera = Math.trunc(number(videoID, DEFAULT_CAMERA))
    const user = text(userID)
    this.target = { userID: user, videoID: Number.isNaN(camera) ? DEFAULT_CAMERA : camera }
    this._usrID = user
    this._videoID = this.target.videoID
    if (same(this.target, this.applied)) this.cleared = false
    this.settle()
  }

  getUserID(): string {
    return this.target.userID
  }

  getVideoID(): number {
    return this.target.videoID
  }

  override clear(): void {
    this.cleared = true
    this.settle()
  }

  override isPicEmpty(): boolean {
    return this.cleared || !same(this.target, this.applied) || super.isPicEmpty()
  }

  visibleNickName(value?: unknown): boolean | undefined {
    if (value === undefined) return this.label.visible
    this.setVisibleNickName(value)
    return undefined
  }

  setVisibleNickName(value?: unknown): void {
    this.label.visible = flag(value)
    this._visibleNickName = this.label.visible
    this.membersChanged()
  }

  getVisibleNickName(): boolean {
    return this.label.visible
  }

  meetingChanged(): void {
    this.unwatch()
    this.showStream(null)
    this.membersChanged()
    this.rewatch()
  }

  membersChanged(): void {
    const member = this.source.current?.member(this.target.userID)
    this.label.show(member ? member.nickName || member.userID : '')
    if (this.isHeld && !this.isSent) this.hidePicture()
  }

  cameraInView(): Target | null {
    return this.watch && this.wantedHeight() > 0 ? this.applied : null
  }

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

  private settle(): void {
    if (this.settling) return
    this.settling = true
    queueMicrotask(() => this.settled())
  }

  private settled(): void {
    this.settling = false
    if (!same(this.target, this.applied)) {
      this.applied = this.target
      this.cleared = false
      this.unwatch()
      this.showStream(null)
      this.membersChanged()
      this.rewatch()
    } else if (this.cleared) {
      this.cleared = false
      super.clear()
    }
  }

  private rewatch(): void {
    const meeting = this.source.current
    const { userID, videoID } = this.applied
    if (this.watch || !meeting || userID === '' || !this.root.isConnected) return
    const self = new WeakRef(this)
    let closed = false
    const watch = meeting.watch({ userID, videoID, height: this.wantedHeight() }, (stream) => {
      if (!closed) self.deref()?.streamed(stream)
    })
    this.watch = {
      resize: (height) => watch.resize(height),
      close: () => {
        closed = true
        watch.close()
      },
    }
  }

  /** A stream may go while the camera stays open: reception paused, media connection built anew. */
  private streamed(stream: MediaStream | null): void {
    this.showStream(stream, this.isSent)
  }

  private get isSent(): boolean {
    const { userID, videoID } = this.applied
    const member = this.source.current?.member(userID)
    if (member?.video !== 3) return false
    return videoID === DEFAULT_CAMERA || member.sending.includes(videoID)
  }

  /** Out of the document for long: reception ends, the last picture can still be saved. */
  private pause(): void {
    this.unwatch()
    this.showStream(null, this.isSent)
  }

  private unwatch(): void {
    this.watch?.close()
    this.watch = null
  }

  /** Device pixels; 0 while hidden, off-screen or tiny. */
  private wantedHeight(): number {
    const { clientWidth, clientHeight } = this.root
    if (!this.inView || clientWidth < SMALLEST_VIEW || clientHeight < SMALLEST_VIEW) return 0
    return Math.round(clientHeight * (globalThis.devicePixelRatio || 1))
  }
}

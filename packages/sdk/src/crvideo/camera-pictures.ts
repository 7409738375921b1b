import type { Frames, Meeting } from '../api.ts'
import type { Facade } from './facade.ts'
import { EMPTY_IMAGE, rawImage } from './raw-image.ts'

/** How long a call subscribes, ms. */
const SUBSCRIBED = 10_000
/** How often is looked whether a handler or a container came, ms. */
const LOOK = 500
const WHOLE = 8192
/** Enough lines to hear of pictures that something else receives. */
const ANY = 1
const DEFAULT_CAMERA = -1

interface Camera {
  readonly userID: string
  readonly videoID: number
}

interface Open {
  readonly frames: Frames
  height: number
  /** Arguments of the notice that waits for its delivery. */
  waiting: [string, number, number] | null
}

const keyOf = ({ userID, videoID }: Camera) => `${videoID} ${userID}`

/** Pictures of cameras for pages that work with them (spec 08 §8). */
export class CameraPictures {
  private meeting: Meeting | null = null
  private timer: ReturnType<typeof setInterval> | null = null
  private readonly open = new Map<string, Open>()
  /** By what the page named; the end of each subscription. */
  private readonly subscribed = new Map<
    string,
    { camera: Camera; timer: ReturnType<typeof setTimeout> }
  >()

  constructor(private readonly facade: Facade) {}

  /** The meeting changed: every picture is of the one before. */
  follow(meeting: Meeting | null): void {
    this.close()
    this.meeting = meeting
    if (!meeting) return
    this.timer = setInterval(() => this.refresh(), LOOK)
    const refresh = () => {
      if (this.meeting === meeting) this.refresh()
    }
    for (const event of ['video', 'videoStatus', 'defaultVideo', 'memberLeft'] as const)
      meeting.on(event, refresh)
    meeting.on('ended', () => {
      if (this.meeting === meeting) this.follow(null)
    })
  }

  /** JSON text of the newest picture; subscribes for some seconds. */
  newest(userID: string, videoID: number): string {
    if (!this.meeting?.member(userID)) return EMPTY_IMAGE
    const named = { userID, videoID }
    // A camera that nobody has is no reason to remember anything.
    if (videoID !== DEFAULT_CAMERA && !this.hasCamera(named)) return EMPTY_IMAGE
    const key = keyOf(named)
    clearTimeout(this.subscribed.get(key)?.timer)
    const timer = setTimeout(() => {
      this.subscribed.delete(key)
      this.refresh()
    }, SUBSCRIBED)
    this.subscribed.set(key, { camera: named, timer })
    this.refresh()
    const camera = this.sent(named)
    const frames = camera && this.open.get(keyOf(camera))?.frames
    return frames ? rawImage(frames.picture(), frames.frameTime) : EMPTY_IMAGE
  }

  private hasCamera({ userID, videoID }: Camera): boolean {
    const cameras = this.meeting?.member(userID)?.cameras ?? []
    return cameras.some((camera) => camera.videoID === videoID)
  }

  /** The camera that is meant, if it is open. */
  private sent({ userID, videoID }: Camera): Camera | null {
    const member = this.meeting?.member(userID)
    if (member?.video !== 3) return null
    const id = videoID === DEFAULT_CAMERA ? member.sending[0] : videoID
    return id !== undefined && member.sending.includes(id) ? { userID, videoID: id } : null
  }

  /** Cameras to look at now, and how many lines of them. */
  private wanted(): Map<string, { camera: Camera; height: number }> {
    const { meeting, facade } = this
    const wanted = new Map<string, { camera: Camera; height: number }>()
    if (!meeting) return wanted
    const add = (named: Camera, height: number) => {
      const camera = this.sent(named)
      if (camera) wanted.set(keyOf(camera), { camera, height })
    }
    if (facade.delivery.hasHandler('NotifyVideoData')) {
      for (const camera of meeting.watchable) if (camera.userID === meeting.me) add(camera, ANY)
      for (const camera of facade.containers.camerasInView()) add(camera, ANY)
    }
    for (const { camera } of this.subscribed.values()) add(camera, WHOLE)
    return wanted
  }

  private refresh(): void {
    const { meeting } = this
    const wanted = this.wanted()
    for (const [key, { frames }] of this.open)
      if (!wanted.has(key)) {
        this.open.delete(key)
        frames.close()
      }
    if (!meeting) return
    for (const [key, { camera, height }] of wanted) {
      const known = this.open.get(key)
      if (!known) {
        const frames = meeting.frames({ ...camera, height }, (at) => this.notify(camera, at))
        this.open.set(key, { frames, height, waiting: null })
      } else if (known.height !== height) {
        known.height = height
        known.frames.resize(height)
      }
    }
  }

  private notify(camera: Camera, at: number): void {
    const { meeting, facade } = this
    const open = this.open.get(keyOf(camera))
    if (!open || !facade.delivery.hasHandler('NotifyVideoData')) return
    if (open.waiting) {
      open.waiting[2] = at
      return
    }
    const notice: [string, number, number] = [camera.userID, camera.videoID, at]
    open.waiting = notice
    facade.delivery.emit('NotifyVideoData', notice, {
      alive: () => {
        open.waiting = null
        return this.meeting === meeting
      },
    })
  }

  private close(): void {
    if (this.timer !== null) clearInterval(this.timer)
    this.timer = null
    for (const { timer } of this.subscribed.values()) clearTimeout(timer)
    this.subscribed.clear()
    for (const { frames } of this.open.values()) frames.close()
    this.open.clear()
    this.meeting = null
  }
}

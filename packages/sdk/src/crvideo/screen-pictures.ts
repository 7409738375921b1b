import type { Meeting } from '../api.ts'
import { ScreenEye } from '../screen/eye.ts'
import type { Facade } from './facade.ts'
import { toBase64 } from './picture/picture-file.ts'

/** How long a call subscribes, ms. */
const SUBSCRIBED = 10_000
const ARGB32 = 1
const EMPTY = { format: ARGB32, dat: '', width: 0, height: 0, frameTime: 0 }

/** Pictures of the share for pages that work with them (spec 09 §3). */
export class ScreenPictures {
  private eye: ScreenEye | null = null
  private timer: ReturnType<typeof setTimeout> | null = null
  private meeting: Meeting | null = null
  private subscribed = false

  constructor(private readonly facade: Facade) {}

  /** The meeting changed: every picture is of the one before. */
  follow(meeting: Meeting | null): void {
    this.close()
    this.meeting = meeting
    meeting?.screen.on('changed', () => this.refresh())
    meeting?.on('ended', () => this.follow(null))
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
    } else this.eye ??= new ScreenEye(screen, () => this.notify())
  }

  /** JSON text of the newest picture; subscribes for some seconds. */
  newest(): string {
    if (!this.meeting) return JSON.stringify(EMPTY)
    this.subscribed = true
    if (this.timer !== null) clearTimeout(this.timer)
    this.timer = setTimeout(() => {
      this.subscribed = false
      this.refresh()
    }, SUBSCRIBED)
    this.refresh()
    const image = this.eye?.picture()
    if (!image) return JSON.stringify(EMPTY)
    const { data, width, height } = image
    // Blue first (spec 08 §1).
    for (let i = 0; i < data.length; i += 4) {
      const red = data[i] as number
      data[i] = data[i + 2] as number
      data[i + 2] = red
      data[i + 3] = 255
    }
    const dat = toBase64(new Uint8Array(data.buffer))
    return JSON.stringify({ format: ARGB32, dat, width, height, frameTime: this.eye?.frameTime })
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
    this.subscribed = false
    this.eye?.close()
    this.eye = null
  }
}

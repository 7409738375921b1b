import type { MediaControls } from '../../api.ts'
import { pageLanguage } from '../../page-language.ts'
import { type GlyphName, glyph } from './glyph.ts'

/** How long the bar stays after the last movement, and how often its position is drawn, ms. */
const STAYS = 3_000
const DRAWN_EVERY = 250

const WORDS = {
  pause: ['Pause', '暂停'],
  play: ['Go on', '继续'],
  stop: ['Stop', '停止'],
  mute: ['Mute on this page', '本页静音'],
  unmute: ['Unmute', '取消静音'],
  position: ['Position', '播放位置'],
} as const
const say = (words: keyof typeof WORDS) => WORDS[words][pageLanguage() === 'zh' ? 1 : 0]

const two = (value: number) => String(value).padStart(2, '0')
/** `1:05` or `1:02:05`. */
const clock = (seconds: number): string => {
  const whole = Math.max(0, Math.floor(seconds))
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`
}

const button = (press: () => void) => {
  const element = document.createElement('button')
  element.type = 'button'
  element.style.cssText =
    'flex:none;width:32px;height:32px;padding:7px;border:0;color:inherit;background:transparent;cursor:pointer'
  element.addEventListener('click', press)
  return element
}
const draw = (element: HTMLElement, picture: GlyphName, words: keyof typeof WORDS) => {
  const text = say(words)
  if (element.title === text) return
  element.title = text
  element.ariaLabel = text
  element.replaceChildren(glyph(picture, 18))
}

/** Controls at the lower edge of a media container (spec 13 §5): who plays uses them, viewers look. */
export class MediaToolBar {
  private readonly bar = document.createElement('div')
  private readonly pauseButton = button(() => this.flipPause())
  private readonly stopButton = button(() => this.media()?.stop())
  private readonly slider = document.createElement('input')
  private readonly time = document.createElement('span')
  private readonly muteButton = button(() => this.flipMute())
  private readonly hidden = { pause: false, stop: false }
  private off = false
  /** While somebody drags, the bar follows the hand. */
  private isDragged = false
  private hiding: ReturnType<typeof setTimeout> | null = null
  private drawing: ReturnType<typeof setInterval> | null = null

  constructor(
    parent: HTMLElement,
    /** The media that the container shows. */
    private readonly media: () => MediaControls | null,
  ) {
    const { bar, slider, time } = this
    bar.setAttribute('role', 'toolbar')
    bar.style.cssText =
      'position:absolute;left:0;bottom:0;width:100%;height:32px;box-sizing:border-box;display:none;' +
      'align-items:center;font:12px/32px sans-serif;color:#fff;background:rgba(0,0,0,.6)'
    slider.type = 'range'
    slider.min = '0'
    slider.step = '0.1'
    slider.style.cssText = 'flex:1;min-width:0;height:20px;margin:0 8px;accent-color:#fff'
    time.style.cssText =
      'flex:none;padding:0 4px;white-space:nowrap;font-variant-numeric:tabular-nums'
    slider.addEventListener('input', () => {
      this.isDragged = true
      this.drawTime(Number(slider.value))
    })
    slider.addEventListener('change', () => {
      this.isDragged = false
      this.media()?.seek(Number(slider.value))
    })
    // A hand that lets go where it began changes nothing.
    for (const type of ['pointerup', 'pointercancel', 'blur'] as const)
      slider.addEventListener(type, () => {
        this.isDragged = false
      })
    bar.append(this.pauseButton, this.stopButton, slider, time, this.muteButton)
    this.show(false)
    parent.append(bar)
    for (const type of ['pointermove', 'pointerdown', 'focusin', 'keydown'] as const)
      parent.addEventListener(type, () => this.wake())
  }

  set disabled(on: boolean) {
    this.off = on
    this.refresh()
  }

  setVisible(what: 'pause' | 'stop', on: boolean): void {
    this.hidden[what] = !on
    this.refresh()
  }

  /** The media began, changed or ended. */
  refresh(): void {
    const isThere = !this.off && this.playing !== null
    this.bar.style.display = isThere ? 'flex' : 'none'
    if (isThere) this.draw()
    else this.rest()
  }

  private get playing() {
    const media = this.media()
    return media?.current ? { media, current: media.current } : null
  }

  private wake(): void {
    if (this.off || !this.playing) return
    if (this.hiding !== null) clearTimeout(this.hiding)
    this.hiding = setTimeout(() => this.fall(), STAYS)
    this.drawing ??= setInterval(() => this.draw(), DRAWN_EVERY)
    this.show(true)
    this.draw()
  }

  /** A hand on the slider keeps it. */
  private fall(): void {
    if (this.isDragged) this.wake()
    else this.rest()
  }

  private rest(): void {
    if (this.hiding !== null) clearTimeout(this.hiding)
    if (this.drawing !== null) clearInterval(this.drawing)
    this.hiding = null
    this.drawing = null
    this.isDragged = false
    this.show(false)
  }

  /** Unseen it can still be reached by keys, which bring it back. */
  private show(on: boolean): void {
    this.bar.style.opacity = on ? '1' : '0'
    this.bar.style.pointerEvents = on ? 'auto' : 'none'
  }

  private draw(): void {
    const { playing } = this
    if (!playing) return
    const { media, current } = playing
    const isMine = media.opened !== null
    const offer = (element: HTMLElement, on: boolean) => {
      element.style.display = on ? '' : 'none'
    }
    offer(this.pauseButton, isMine && !this.hidden.pause)
    offer(this.stopButton, isMine && !this.hidden.stop)
    const is = current.paused ? 'play' : 'pause'
    draw(this.pauseButton, is, is)
    draw(this.stopButton, 'stop', 'stop')
    if (media.muted) draw(this.muteButton, 'silent', 'unmute')
    else draw(this.muteButton, 'sound', 'mute')
    this.slider.style.visibility = current.duration > 0 ? '' : 'hidden'
    this.slider.disabled = !isMine
    this.slider.ariaLabel = say('position')
    if (this.isDragged) return
    this.slider.max = String(current.duration)
    this.slider.value = String(media.position)
    this.drawTime(media.position)
  }

  private drawTime(at: number): void {
    const { duration = 0 } = this.playing?.current ?? {}
    const text = duration > 0 ? `${clock(at)} / ${clock(duration)}` : clock(at)
    this.time.textContent = text
    this.slider.setAttribute('aria-valuetext', text)
  }

  private flipPause(): void {
    const { playing } = this
    playing?.media.pause(!playing.current.paused)
  }

  private flipMute(): void {
    const { playing } = this
    if (playing) playing.media.muted = !playing.media.muted
  }
}

import { YuntangError } from '../errors.ts'
import type { OwnedDevices } from '../media/port.ts'
import type { MediaStopReason, OpenedMedia, PlayOptions } from './api.ts'
import { captureElement, type ElementCapture } from './element-capture.ts'
import { failureOf, stopReason } from './failure.ts'
import { findSource, type MediaSource, type SourceDeps } from './source.ts'

export interface PlayerEvents {
  /** Tracks are others now. */
  recaptured(): void
  /** By whomever: the page, the end of the file, or a media key of the keyboard. */
  paused(on: boolean): void
  /** What {@link Player.seek} asked for is done. */
  sought(position: number): void
  /** The file is over, or cannot be played any further; the player is closed. */
  ended(reason: MediaStopReason): void
}

export interface PlayerDeps extends SourceDeps {
  readonly devices: Pick<OwnedDevices, 'speakerVolume' | 'sinkId' | 'onConfig'>
}

/** How long a file may take to its first picture, ms. */
const FIRST_DATA = 30_000

/** One file that plays in this page: heard here, its picture and sound as tracks for others. */
export class Player {
  readonly opened: OpenedMedia
  #paused = true
  #atEnd = false
  /** The sound of what was captured at the end stays silent. */
  #isSilent = false
  #seeking = false
  #muted = false
  #closed = false
  readonly #element: HTMLVideoElement
  readonly #capture: ElementCapture
  readonly #source: MediaSource
  readonly #events: PlayerEvents
  readonly #pauseAtEnd: boolean
  readonly #configure: () => void
  readonly #endConfig: () => void

  private constructor(
    element: HTMLVideoElement,
    source: MediaSource,
    { devices }: PlayerDeps,
    { pauseAtEnd = false }: PlayOptions,
    events: PlayerEvents,
  ) {
    this.#element = element
    this.#source = source
    this.#events = events
    this.#pauseAtEnd = pauseAtEnd
    const { duration, videoWidth: width, videoHeight: height } = element
    this.opened = { duration: Number.isFinite(duration) ? duration : 0, width, height }
    const capture = captureElement(element)
    this.#capture = capture
    this.#configure = () => {
      capture.setVolume(this.#muted ? 0 : devices.speakerVolume / 255)
      const { sinkId } = devices
      if ('setSinkId' in element && element.sinkId !== sinkId)
        element.setSinkId(sinkId).catch((error: unknown) => {
          console.warn('The speaker could not be chosen:', error)
        })
    }
    this.#configure()
    this.#endConfig = devices.onConfig(this.#configure)
    element.onended = () => this.#finish()
    // Browsers pause at the end, too: that is told by `ended`.
    element.onpause = () => {
      if (element.paused && !element.ended) this.#tellPaused(true)
    }
    element.onplay = () => {
      if (!element.paused) this.#tellPaused(false)
    }
    element.onplaying = () => {
      if (this.#isSilent) this.#recapture()
      this.#isSilent = false
    }
    element.onerror = () => {
      failureOf(element, source).then(
        (error) => this.#end(stopReason(error)),
        () => this.#end(5),
      )
    }
    element.onseeked = () => {
      if (!this.#seeking) return
      this.#seeking = false
      events.sought(element.currentTime)
    }
  }

  /** Resolves when the first picture is there; does not play yet. */
  static async open(
    file: string | Blob,
    deps: PlayerDeps,
    options: PlayOptions,
    events: PlayerEvents,
  ): Promise<Player> {
    const { signal } = options
    signal?.throwIfAborted()
    const source = await findSource(deps, file)
    const element = document.createElement('video')
    element.playsInline = true
    element.preload = 'auto'
    if (source.remote) element.crossOrigin = 'anonymous'
    try {
      await firstData(element, source, signal)
      return new Player(element, source, deps, options, events)
    } catch (error) {
      empty(element)
      source.release()
      throw error
    }
  }

  get hasVideo(): boolean {
    return this.opened.width > 0
  }

  get stream(): MediaStream {
    return this.#capture.stream
  }

  get videoTrack(): MediaStreamTrack | null {
    return this.hasVideo ? (this.stream.getVideoTracks()[0] ?? null) : null
  }

  get audioTrack(): MediaStreamTrack | null {
    return this.stream.getAudioTracks()[0] ?? null
  }

  get paused(): boolean {
    return this.#paused
  }

  get muted(): boolean {
    return this.#muted
  }

  /** Not heard here; what others hear stays as it is. */
  set muted(on: boolean) {
    this.#muted = on
    if (!this.#closed) this.#configure()
  }

  get position(): number {
    return this.#element.currentTime
  }

  /** Rejects with playing.failed when the browser does not let it play. */
  async start(): Promise<void> {
    this.#paused = false
    try {
      await this.#element.play()
    } catch (error) {
      if (!this.#closed) console.warn('The media does not play:', error)
      throw new YuntangError('playing.failed')
    }
  }

  pause(on: boolean): boolean {
    if (this.#closed || on === this.#paused) return false
    const element = this.#element
    if (on) element.pause()
    else {
      if (this.#atEnd) element.currentTime = 0
      element.play().catch((error: unknown) => {
        if (this.#closed) return
        console.warn('The media does not go on:', error)
        if (element.paused) this.#tellPaused(true)
      })
    }
    this.#tellPaused(on)
    return true
  }

  seek(position: number): void {
    const { duration } = this.opened
    if (this.#closed || duration === 0 || !Number.isFinite(position)) return
    this.#atEnd = false
    this.#seeking = true
    this.#element.currentTime = Math.min(duration, Math.max(0, position))
  }

  /** Synchronous and idempotent. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#endConfig()
    const element = this.#element
    element.onended = null
    element.onerror = null
    element.onseeked = null
    element.onpause = null
    element.onplay = null
    element.onplaying = null
    this.#capture.close()
    empty(element)
    this.#source.release()
  }

  #end(reason: MediaStopReason): void {
    if (this.#closed) return
    this.close()
    this.#events.ended(reason)
  }

  #tellPaused(on: boolean): void {
    if (on === this.#paused) return
    this.#paused = on
    if (!on) this.#atEnd = false
    this.#events.paused(on)
  }

  /** Who seeks to the end while it is paused looks at the last picture. */
  #finish(): void {
    if (!this.#pauseAtEnd && !this.#paused) {
      this.#end(1)
      return
    }
    // The last picture stays for everybody.
    this.#atEnd = true
    this.#isSilent = true
    this.#recapture()
    this.#tellPaused(true)
  }

  #recapture(): void {
    if (!this.#closed && this.#capture.renew()) this.#events.recaptured()
  }
}

function empty(element: HTMLVideoElement): void {
  element.pause()
  element.removeAttribute('src')
  element.load()
}

function firstData(
  element: HTMLVideoElement,
  source: MediaSource,
  signal: AbortSignal | undefined,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (run: () => void) => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', aborted)
      element.onloadeddata = null
      element.onerror = null
      run()
    }
    const aborted = () => end(() => reject(signal?.reason))
    const timer = setTimeout(
      () => end(() => reject(new YuntangError('files.unreadable'))),
      FIRST_DATA,
    )
    if (signal?.aborted) return aborted()
    signal?.addEventListener('abort', aborted)
    element.onloadeddata = () => end(resolve)
    element.onerror = () => {
      failureOf(element, source).then((error) => end(() => reject(error)), reject)
    }
    element.src = source.url
    source.follow?.(element)
  })
}

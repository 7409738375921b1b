import { YuntangError } from '../errors.ts'
import type { OwnedDevices } from '../media/port.ts'
import type { MediaStopReason, OpenedMedia, PlayOptions } from './api.ts'
import { failureOf, stopReason } from './failure.ts'
import { findSource, type MediaSource, type SourceDeps } from './source.ts'

export interface PlayerEvents {
  /** Tracks are others now. */
  recaptured(): void
  paused(on: boolean): void
  sought(position: number): void
  /** The file is over, or cannot be played any further; the player is closed. */
  ended(reason: MediaStopReason): void
}

export interface PlayerDeps extends SourceDeps {
  readonly devices: Pick<OwnedDevices, 'speakerVolume' | 'sinkId' | 'onConfig'>
}

/** Chromium's capture of elements is not yet in the standard DOM types. */
interface Capturable {
  captureStream?: () => MediaStream
}

/** How long a file may take to its first picture, ms. */
const FIRST_DATA = 30_000

/** One file that plays in this page: heard here, its picture and sound as tracks for others. */
export class Player {
  stream: MediaStream
  readonly opened: OpenedMedia
  #atEnd = false
  #closed = false
  readonly #element: HTMLVideoElement
  readonly #source: MediaSource
  readonly #events: PlayerEvents
  readonly #pauseAtEnd: boolean
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
    this.stream = capture(element)
    const configure = () => {
      element.volume = devices.speakerVolume / 255
      const { sinkId } = devices
      if ('setSinkId' in element && element.sinkId !== sinkId)
        element.setSinkId(sinkId).catch((error: unknown) => {
          console.warn('The speaker could not be chosen:', error)
        })
    }
    configure()
    this.#endConfig = devices.onConfig(configure)
    element.onended = () => this.#finish()
    element.onerror = () => {
      failureOf(element, source).then(
        (error) => this.#end(stopReason(error)),
        () => this.#end(5),
      )
    }
    element.onseeked = () => {
      if (!this.#closed) events.sought(element.currentTime)
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

  get videoTrack(): MediaStreamTrack | null {
    return this.hasVideo ? (this.stream.getVideoTracks()[0] ?? null) : null
  }

  get audioTrack(): MediaStreamTrack | null {
    return this.stream.getAudioTracks()[0] ?? null
  }

  get paused(): boolean {
    return this.#element.paused || this.#atEnd
  }

  get position(): number {
    return this.#element.currentTime
  }

  /** Rejects with playing.failed when the browser does not let it play. */
  async start(): Promise<void> {
    try {
      await this.#element.play()
    } catch (error) {
      if (!this.#closed) console.warn('The media does not play:', error)
      throw new YuntangError('playing.failed')
    }
  }

  pause(on: boolean): boolean {
    if (this.#closed || on === this.paused) return false
    if (on) this.#element.pause()
    else {
      const anew = this.#atEnd
      if (anew) this.#element.currentTime = 0
      this.#atEnd = false
      this.#element.play().then(
        () => {
          // The sound of what was captured at the end stays silent.
          if (anew) this.#recapture()
        },
        (error: unknown) => {
          if (!this.#closed) console.warn('The media does not go on:', error)
        },
      )
    }
    this.#events.paused(on)
    return true
  }

  seek(position: number): void {
    const { duration } = this.opened
    if (this.#closed || duration === 0 || !Number.isFinite(position)) return
    this.#atEnd = false
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
    for (const track of this.stream.getTracks()) track.stop()
    empty(element)
    this.#source.release()
  }

  #end(reason: MediaStopReason): void {
    if (this.#closed) return
    this.close()
    this.#events.ended(reason)
  }

  #finish(): void {
    if (!this.#pauseAtEnd) {
      this.#end(1)
      return
    }
    // Browsers end the tracks with the file; the last picture stays for everybody.
    this.#atEnd = true
    this.#recapture()
    this.#events.paused(true)
  }

  #recapture(): void {
    if (this.#closed) return
    for (const track of this.stream.getTracks()) track.stop()
    this.stream = capture(this.#element)
    this.#events.recaptured()
  }
}

function capture(element: HTMLVideoElement): MediaStream {
  const { captureStream } = element as Capturable
  if (!captureStream) throw new YuntangError('playing.unsupported')
  try {
    const stream = captureStream.call(element)
    for (const track of stream.getVideoTracks()) track.contentHint = 'motion'
    return stream
  } catch {
    // Another origin's media that may not be read.
    throw new YuntangError('files.unreadable')
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

import { LIMITS, type MediaStopReason } from '@yuntang/protocol'
import type { PlayOptions, VideoConfig } from '../api.ts'
import { YuntangError } from '../errors.ts'
import type { Send } from '../link/link.ts'
import type { MeetingMedia } from '../media/port.ts'
import { stopReason } from './failure.ts'
import { Player, type PlayerDeps } from './player.ts'
import { mediaName } from './source.ts'

/**
 * Members are told where the player is when they would be wrong by more than that, and now and then
 * anyway: files stall, clocks differ; ms.
 */
const LOOK_EVERY = 250
const OFF_BY = 250
const TELL_EVERY = 5_000

export interface OwnMediaDeps extends PlayerDeps {
  readonly send: Send
  readonly media: MeetingMedia | null
  /** ms, monotonic. */
  now(): number
  config(): VideoConfig
  /** Tracks are others now. */
  recaptured(): void
  paused(on: boolean): void
  sought(position: number): void
  /** What had started is over. */
  ended(reason: MediaStopReason): void
}

interface Running {
  readonly player: Player
  readonly timer: ReturnType<typeof setInterval>
}

/** Media that this page plays to the meeting: file, publication, and what the server is told. */
export class OwnMedia {
  #running: Running | null = null
  #opening: AbortController | null = null
  /** What is being opened has the meeting's place for media. */
  #granted = false
  #name = ''
  #muted = false
  /** What members were told last, and when. */
  #told = { paused: 1, at: 0, since: 0 }

  constructor(private readonly deps: OwnMediaDeps) {}

  get player(): Player | null {
    return this.#running?.player ?? null
  }

  /** The path as given, also while it is being opened; null without any. */
  get name(): string | null {
    return this.busy ? this.#name : null
  }

  get busy(): boolean {
    return this.#running !== null || this.#opening !== null
  }

  get muted(): boolean {
    return this.#muted
  }

  set muted(on: boolean) {
    this.#muted = on
    if (this.player) this.player.muted = on
  }

  /** Resolves when it plays. */
  async start(file: string | Blob, options: PlayOptions): Promise<void> {
    const { deps } = this
    const abort = new AbortController()
    const { signal } = abort
    const cancel = () => abort.abort(options.signal?.reason)
    options.signal?.throwIfAborted()
    options.signal?.addEventListener('abort', cancel)
    this.#opening = abort
    this.#name = typeof file === 'string' ? file : mediaName(file)
    this.#granted = false
    let player: Player | null = null
    let asked = false
    try {
      player = await this.#open(file, { ...options, signal })
      player.muted = this.#muted
      asked = true
      const play = { ...fileOf(this.#name, player), paused: 0, at: 0 } as const
      await deps.send('media.start', play, signal).catch((error) => {
        asked = signal.aborted
        throw error
      })
      signal.throwIfAborted()
      this.#granted = true
      await this.#publish(player)
      signal.throwIfAborted()
      await player.start()
      signal.throwIfAborted()
    } catch (error) {
      player?.close()
      if (player) this.#withdraw()
      // An aborted request may have been carried out.
      if (asked && signal.reason !== STOPPED)
        deps.send('media.stop', { reason: signal.aborted ? 0 : stopReason(error) }).catch(() => {})
      throw error
    } finally {
      options.signal?.removeEventListener('abort', cancel)
      if (this.#opening === abort) this.#opening = null
    }
    const timer = setInterval(() => this.#look(), LOOK_EVERY)
    this.#running = { player, timer }
    this.tell()
  }

  /** Synchronous; false when nothing ran or was being opened. */
  stop(): boolean {
    if (this.#opening) {
      const opening = this.#opening
      this.#opening = null
      opening.abort(new YuntangError('playing.none'))
      return true
    }
    if (!this.#running) return false
    this.#end(0, true)
    return true
  }

  /** The server says that it is over. */
  stopped(reason: MediaStopReason): void {
    if (this.#running) this.#end(reason, false)
    // Until then the news is about the media before.
    else if (this.#granted) this.#opening?.abort(STOPPED)
  }

  configure(): void {
    const player = this.#running?.player
    if (player) this.#publish(player).catch((error: unknown) => console.warn(error))
  }

  /** Members hear where the player is now. */
  tell(): void {
    const player = this.#running?.player
    if (!player) return
    const state = stateOf(player)
    this.#told = { ...state, since: this.deps.now() }
    this.deps.send('media.move', state).catch(() => {})
  }

  #look(): void {
    const player = this.#running?.player
    if (!player) return
    const { at, paused, since } = this.#told
    const passed = this.deps.now() - since
    const off = Math.abs(stateOf(player).at - (paused ? at : at + passed))
    if (off > OFF_BY || (!paused && passed > TELL_EVERY)) this.tell()
  }

  /** The server has forgotten my media, after a restart: ask for it again. */
  reclaim(): void {
    if (!this.#running) return
    const { player } = this.#running
    const play = { ...fileOf(this.#name, player), ...stateOf(player) }
    this.deps.send('media.start', play).then(
      () => this.configure(),
      (error: unknown) => {
        // Somebody else was faster.
        const isTaken = error instanceof YuntangError && error.code === 'playing.taken'
        if (isTaken && this.player === player) this.#end(5, false)
      },
    )
  }

  /** Synchronous end without events or requests. */
  release(): void {
    this.#opening?.abort(new YuntangError('meeting.outside'))
    this.#opening = null
    if (this.#running) clearInterval(this.#running.timer)
    this.#running?.player.close()
    this.#running = null
  }

  #open(file: string | Blob, options: PlayOptions): Promise<Player> {
    const { deps } = this
    return Player.open(file, deps, options, {
      recaptured: () => {
        this.configure()
        deps.recaptured()
      },
      paused: (on) => {
        this.tell()
        deps.paused(on)
      },
      sought: (position) => {
        this.tell()
        deps.sought(position)
      },
      ended: (reason) => {
        if (this.#running) this.#end(reason, true)
      },
    })
  }

  #end(reason: MediaStopReason, tell: boolean): void {
    this.release()
    this.#withdraw()
    if (tell) this.deps.send('media.stop', { reason }).catch(() => {})
    this.deps.ended(reason)
  }

  async #publish(player: Player): Promise<void> {
    const { media, config } = this.deps
    const { videoTrack: video, audioTrack: audio, opened: size } = player
    await media?.publishMedia({ video, audio, size, config: config() })
  }

  /** Nobody waits: a broken connection repairs itself and publishes what is left. */
  #withdraw(): void {
    this.deps.media?.publishMedia(null).catch((error: unknown) => console.warn(error))
  }
}

/** The server ended what was not playing yet. */
const STOPPED = new YuntangError('playing.none')

const inMs = (seconds: number) => Math.min(LIMITS.mediaMs, Math.max(0, Math.round(seconds * 1000)))
const side = (pixels: number) => Math.min(LIMITS.mediaSide, pixels)

const fileOf = (path: string, { opened: { duration, width, height } }: Player) => ({
  name: mediaName(path),
  duration: inMs(duration),
  width: side(width),
  height: side(height),
})

const stateOf = ({ paused, position }: Player) => ({
  paused: paused ? (1 as const) : (0 as const),
  at: inMs(position),
})

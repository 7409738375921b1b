import type { MediaStopReason } from '@yuntang/protocol'
import type { PlayOptions, VideoConfig } from '../api.ts'
import { YuntangError } from '../errors.ts'
import type { Send } from '../link/link.ts'
import type { MeetingMedia } from '../media/port.ts'
import { Player, type PlayerDeps } from './player.ts'
import { mediaName } from './source.ts'

/** How often members are told where the player is, ms: files stall, clocks differ. */
const TELL_EVERY = 5_000

export interface OwnMediaDeps extends PlayerDeps {
  readonly send: Send
  readonly media: MeetingMedia | null
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
  #name = ''

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
    let player: Player | null = null
    let asked = false
    let refused = false
    try {
      player = await this.#open(file, { ...options, signal })
      const play = { name: mediaName(file).slice(-255), video: player.hasVideo ? 1 : 0 } as const
      asked = true
      await deps.send('media.start', { ...play, paused: 0, at: 0 }, signal).catch((error) => {
        refused = !signal.aborted
        throw error
      })
      signal.throwIfAborted()
      await this.#publish(player)
      signal.throwIfAborted()
      await player.start()
      signal.throwIfAborted()
    } catch (error) {
      player?.close()
      if (player) this.#withdraw()
      // An aborted request may have been carried out.
      if (asked && !refused) deps.send('media.stop', { reason: 0 }).catch(() => {})
      throw error
    } finally {
      options.signal?.removeEventListener('abort', cancel)
      if (this.#opening === abort) this.#opening = null
    }
    const timer = setInterval(() => this.tell(), TELL_EVERY)
    this.#running = { player, timer }
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
  }

  configure(): void {
    const player = this.#running?.player
    if (player) this.#publish(player).catch((error: unknown) => console.warn(error))
  }

  /** Members hear where the player is now. */
  tell(): void {
    const player = this.#running?.player
    if (!player) return
    this.deps.send('media.move', stateOf(player)).catch(() => {})
  }

  /** The server has forgotten my media, after a restart: ask for it again. */
  reclaim(): void {
    if (!this.#running) return
    const { player } = this.#running
    const play = { name: mediaName(this.#name), video: player.hasVideo ? 1 : 0 } as const
    this.deps.send('media.start', { ...play, ...stateOf(player) }).then(
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

const stateOf = ({ paused, position }: Player) => ({
  paused: paused ? (1 as const) : (0 as const),
  at: Math.max(0, Math.round(position * 1000)),
})

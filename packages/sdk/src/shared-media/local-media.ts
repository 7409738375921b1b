import { createEmitter } from '../emitter.ts'
import { YuntangError } from '../errors.ts'
import type { MediaControls, MediaEvents } from './api.ts'
import { Player, type PlayerDeps } from './player.ts'
import { PlayerStream } from './player-stream.ts'
import { runningOf } from './running.ts'
import { mediaName } from './source.ts'
import { Views } from './views.ts'

export interface LocalMediaDeps extends PlayerDeps {
  me(): string
  /** Own shared media runs or is being opened. */
  sharing(): boolean
}

/** The client owns and closes it. */
export interface OwnedLocalMedia extends MediaControls {
  /** What is heard of it. */
  readonly sound: MediaStream | null
  /** Synchronous; nothing is emitted afterwards. Idempotent. */
  close(): void
}

/** Media that only this page sees and hears (spec 10 §4.1, local playback). */
export const createLocalMedia = (deps: LocalMediaDeps): OwnedLocalMedia => {
  const events = createEmitter<MediaEvents>()
  const picture = new PlayerStream('videoTrack')
  const sound = new PlayerStream('audioTrack')
  let player: Player | null = null
  let name = ''
  let me = ''
  let opening: AbortController | null = null
  let muted = false
  let over = false

  const emit = <K extends keyof MediaEvents>(event: K, data: MediaEvents[K]) => {
    events.emit(event, data)
    events.emit('changed', undefined)
  }
  const views = new Views(
    () => player && picture.of(player),
    () => {},
  )
  const leave = () => {
    player?.close()
    player = null
    views.refresh()
  }

  return {
    on: events.on,
    once: events.once,
    get busy() {
      return player !== null || opening !== null
    },
    get opened() {
      return player?.opened ?? null
    },
    get own() {
      return player || opening ? name : null
    },
    get current() {
      return player && runningOf(me, name, player)
    },
    get sound() {
      return player && sound.of(player)
    },
    get position() {
      return player?.position ?? 0
    },
    get muted() {
      return muted
    },
    set muted(on) {
      if (over || on === muted) return
      muted = on
      if (player) player.muted = on
      events.emit('changed', undefined)
    },
    async play(file, options = {}) {
      if (over) throw new YuntangError('playing.failed')
      if (player || opening || deps.sharing()) throw new YuntangError('playing.busy')
      const abort = new AbortController()
      opening = abort
      name = typeof file === 'string' ? file : mediaName(file)
      const cancel = () => abort.abort(options.signal?.reason)
      options.signal?.addEventListener('abort', cancel)
      if (options.signal?.aborted) cancel()
      let fresh: Player | null = null
      try {
        fresh = await Player.open(
          file,
          deps,
          { ...options, signal: abort.signal },
          {
            recaptured() {
              views.refresh()
              events.emit('changed', undefined)
            },
            paused: (paused) => emit('paused', { userID: me, paused }),
            sought: (position) => emit('sought', { position }),
            ended(reason) {
              if (player !== fresh) return
              leave()
              emit('stopped', { userID: me, reason })
            },
          },
        )
        abort.signal.throwIfAborted()
        fresh.muted = muted
        await fresh.start()
        abort.signal.throwIfAborted()
      } catch (error) {
        fresh?.close()
        throw error
      } finally {
        options.signal?.removeEventListener('abort', cancel)
        if (opening === abort) opening = null
      }
      player = fresh
      me = deps.me()
      views.refresh()
      emit('started', { userID: me })
      if (player === fresh) emit('opened', fresh.opened)
    },
    pause: (on) => player?.pause(on) ?? false,
    seek: (position) => player?.seek(position),
    stop() {
      if (opening) {
        opening.abort(new YuntangError('playing.none'))
        opening = null
        return true
      }
      if (!player) return false
      leave()
      emit('stopped', { userID: me, reason: 0 })
      return true
    },
    watch: (want, onStream) => views.add(want, onStream),
    close() {
      if (over) return
      over = true
      opening?.abort(new YuntangError('playing.failed'))
      opening = null
      player?.close()
      player = null
      views.close()
      events.clear()
    },
  }
}

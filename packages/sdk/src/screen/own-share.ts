import { YuntangError } from '../errors.ts'
import type { Send } from '../link/link.ts'
import type { MeetingMedia } from '../media/port.ts'
import type { ScreenConfig, ShareArea, StartScreenOptions } from './api.ts'
import { type CaptureEvents, captureScreen, pickScreen, type ScreenCapture } from './capture.ts'
import { screenConfig } from './config.ts'

export interface OwnShareDeps {
  readonly send: Send
  readonly media: MeetingMedia | null
  /** Size, place or picture of the running share are others. */
  changed(areaChanged: boolean): void
  /** The running share is over. */
  ended(): void
}

/** My own share: capture, publication and what the server is told. */
export interface OwnShare {
  /** Null while I do not share. */
  readonly capture: ScreenCapture | null
  start(options: StartScreenOptions): Promise<void>
  /** Synchronous; also gives a start up. False when I did not share. */
  stop(): boolean
  configure(config: Partial<ScreenConfig>): void
  /** The server has forgotten my share, after a restart: ask for it again. */
  reclaim(): void
  /** Synchronous end without events or requests. */
  release(): void
}

const isSame = (a: ShareArea, b: ShareArea) =>
  a.x === b.x && a.y === b.y && a.w === b.w && a.h === b.h

/** What the user chose, unless the start was given up meanwhile: then the choice comes too late. */
const chosen = (picked: Promise<MediaStreamTrack>, owned: boolean, signal: AbortSignal) =>
  new Promise<MediaStreamTrack>((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    picked.then((track) => {
      if (signal.aborted && owned) track.stop()
      resolve(track)
    }, reject)
  })

export const createOwnShare = (deps: OwnShareDeps): OwnShare => {
  const { send, media } = deps
  let config = screenConfig()
  let running: ScreenCapture | null = null
  let told: ShareArea | null = null
  let starting: { done: Promise<void>; abort: AbortController } | null = null

  const warn = (what: string) => (error: unknown) => {
    if (running) console.warn(what, error)
  }
  const publish = async () => {
    if (running) await media?.publishScreen({ track: running.track, config })
  }
  /** Nobody waits: a broken connection repairs itself and publishes what is left. */
  const withdraw = () => {
    media?.publishScreen(null).catch((error: unknown) => console.warn(error))
  }

  const end = (): void => {
    running?.stop()
    running = null
    told = null
    withdraw()
  }
  const lose = () => {
    if (!running) return
    end()
    send('screen.stop', {}).catch(() => {})
    deps.ended()
  }

  const captureEvents: CaptureEvents = {
    changed() {
      if (!running) return
      const { area } = running
      const moved = told !== null && !isSame(told, area)
      told = area
      if (moved) send('screen.resize', { rect: area }).catch(warn('The size was not told:'))
      publish().catch(warn('The share goes on as it was:'))
      deps.changed(moved)
    },
    ended: lose,
  }

  const begin = async (
    picked: Promise<MediaStreamTrack>,
    owned: boolean,
    signal: AbortSignal,
  ): Promise<void> => {
    const source = await chosen(picked, owned, signal)
    const first = config
    const capture = await captureScreen(source, owned, first, captureEvents)
    const onAbort = () => capture.stop()
    signal.addEventListener('abort', onAbort)
    try {
      signal.throwIfAborted()
      const rect = capture.area
      await send('screen.start', { rect })
      if (signal.aborted) send('screen.stop', {}).catch(() => {})
      signal.throwIfAborted()
      running = capture
      told = rect
      // It may have been configured otherwise while the user chose.
      if (config !== first) capture.configure(config)
      await publish()
      signal.throwIfAborted()
      // It may have changed while the server was asked.
      captureEvents.changed()
    } catch (error) {
      capture.stop()
      if (running === capture) {
        end()
        send('screen.stop', {}).catch(() => {})
      }
      throw error
    } finally {
      signal.removeEventListener('abort', onAbort)
    }
  }

  return {
    get capture() {
      return starting ? null : running
    },
    start({ source, config: given, signal }) {
      if (signal?.aborted) return Promise.reject(signal.reason)
      if (starting) return starting.done
      if (running) return Promise.resolve()
      if (!media) return Promise.reject(new YuntangError('screen.capture'))
      config = screenConfig(given)
      const [track] = source?.getVideoTracks() ?? []
      if (source && !track) return Promise.reject(new YuntangError('screen.capture'))
      const abort = new AbortController()
      const cancel = () => abort.abort(signal?.reason)
      signal?.addEventListener('abort', cancel, { once: true })
      const picked = track ? Promise.resolve(track) : pickScreen(config)
      const done = begin(picked, !track, abort.signal).finally(() => {
        signal?.removeEventListener('abort', cancel)
        if (starting?.abort === abort) starting = null
      })
      starting = { done, abort }
      return done
    },
    stop() {
      if (starting) {
        const { abort } = starting
        starting = null
        abort.abort(new YuntangError('screen.capture'))
        return false
      }
      if (!running) return false
      lose()
      return true
    },
    configure(given) {
      config = screenConfig(given)
      running?.configure(config)
    },
    reclaim() {
      if (!running || starting) return
      send('screen.start', { rect: running.area }).catch((error: unknown) => {
        // Somebody else was faster.
        if (!(error instanceof YuntangError) || error.code !== 'screen.taken' || !running) return
        end()
        deps.ended()
      })
    },
    release() {
      starting?.abort.abort(new YuntangError('meeting.outside'))
      starting = null
      running?.stop()
      running = null
    },
  }
}

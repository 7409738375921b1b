import type { MediaStopReason, MeetingSnapshot, SharedPlay } from '@yuntang/protocol'
import type { VideoConfig } from '../api.ts'
import { changeVideo } from '../devices/video-config.ts'
import { createEmitter } from '../emitter.ts'
import { YuntangError } from '../errors.ts'
import type { Send } from '../link/link.ts'
import type { MeetingMedia } from '../media/port.ts'
import type { MeetingPart } from '../meeting/part.ts'
import type { MediaEvents, SharedMedia } from './api.ts'
import { DEFAULT_MEDIA } from './encodings.ts'
import { OwnMedia } from './own-media.ts'
import type { PlayerDeps } from './player.ts'
import { PlayerStream } from './player-stream.ts'
import { runningOf } from './running.ts'
import { Views } from './views.ts'

export interface SharedMediaDeps extends PlayerDeps {
  readonly me: string
  readonly send: Send
  readonly media: MeetingMedia | null
  /** ms, monotonic. */
  now(): number
  /** The receiving connection is needed. */
  receive(): void
  /** Media that this page plays for itself runs or is being opened. */
  playsLocally(): boolean
}

export interface OwnedSharedMedia extends SharedMedia, MeetingPart {
  /** What is heard of my own. */
  readonly sound: MediaStream | null
  /** The received picture came, changed or went away. */
  streamed(): void
}

/** The meeting's shared media as one page has it. */
export const createSharedMedia = (
  snapshot: MeetingSnapshot,
  deps: SharedMediaDeps,
): OwnedSharedMedia => {
  const { me, send, media, now } = deps
  const events = createEmitter<MediaEvents>()
  /** Another member's media, as the server tells; of my own this page knows better. */
  let theirs: (SharedPlay & { since: number }) | null = null
  let config = DEFAULT_MEDIA
  let over = false
  const ownPicture = new PlayerStream('videoTrack')
  const ownSound = new PlayerStream('audioTrack')

  const emit = <K extends keyof MediaEvents>(name: K, data: MediaEvents[K]) => {
    if (over) return
    events.emit(name, data)
    if (!over) events.emit('changed', undefined)
  }
  const streamNow = (): MediaStream | null =>
    own.player
      ? ownPicture.of(own.player)
      : theirs
        ? (media?.mediaStream(theirs.userID) ?? null)
        : null
  const views = new Views(streamNow, (height) => {
    media?.watchMedia(height)
    if (height > 0 && theirs) deps.receive()
  })

  const own: OwnMedia = new OwnMedia({
    ...deps,
    config: () => config,
    recaptured() {
      views.refresh()
      events.emit('changed', undefined)
    },
    paused: (paused) => emit('paused', { userID: me, paused }),
    sought: (position) => emit('sought', { position }),
    ended(reason) {
      views.refresh()
      emit('stopped', { userID: me, reason })
    },
  })

  const started = (play: SharedPlay) => {
    theirs = { ...play, since: now() }
    deps.receive()
    views.refresh()
    emit('started', { userID: play.userID })
    if (play.paused && theirs) emit('paused', { userID: play.userID, paused: true })
  }
  const moved = ({ paused, at }: Pick<SharedPlay, 'paused' | 'at'>) => {
    if (!theirs) return
    const before = theirs.paused
    theirs = { ...theirs, paused, at, since: now() }
    if (before !== paused) emit('paused', { userID: theirs.userID, paused: paused === 1 })
  }
  const stopped = (reason: MediaStopReason) => {
    if (!theirs) return
    const { userID } = theirs
    theirs = null
    views.refresh()
    emit('stopped', { userID, reason })
  }

  if (snapshot.media && snapshot.media.userID !== me) {
    theirs = { ...snapshot.media, since: now() }
    // Its sound is to be heard, whether the picture is shown or not.
    deps.receive()
  }

  return {
    on: events.on,
    once: events.once,
    get busy() {
      return own.busy
    },
    get opened() {
      return own.player?.opened ?? null
    },
    get own() {
      return over ? null : own.name
    },
    get current() {
      if (over) return null
      const { player } = own
      if (player) return runningOf(me, own.name ?? '', player)
      if (!theirs) return null
      const { userID, name, paused, width, duration } = theirs
      return { userID, name, paused: paused === 1, video: width > 0, duration: duration / 1000 }
    },
    get sound() {
      return own.player && ownSound.of(own.player)
    },
    get position() {
      if (own.player) return own.player.position
      if (over || !theirs) return 0
      const { at, paused, since, duration } = theirs
      const here = at + (paused ? 0 : now() - since)
      return Math.min(here, duration || here) / 1000
    },
    get muted() {
      return own.muted
    },
    set muted(on) {
      if (over || on === own.muted) return
      own.muted = on
      media?.muteMedia(on)
      events.emit('changed', undefined)
    },
    get config() {
      return { ...config }
    },
    configure(change: Partial<VideoConfig>) {
      config = changeVideo(config, change)
      own.configure()
    },
    async play(file, options = {}) {
      if (over) throw new YuntangError('meeting.outside')
      if (own.busy || deps.playsLocally()) throw new YuntangError('playing.busy')
      // Nothing is published: the others would be told of what they never see.
      if (!media) throw new YuntangError('media.failed')
      if (theirs) throw new YuntangError('playing.taken')
      await own.start(file, options)
      const { player } = own
      if (over || !player) return
      views.refresh()
      emit('started', { userID: me })
      if (own.player === player) emit('opened', player.opened)
    },
    pause: (on) => own.player?.pause(on) ?? false,
    seek: (position) => own.player?.seek(position),
    stop: () => own.stop(),
    async stopOther() {
      await send('media.stop', { reason: 0 })
    },
    watch: (want, onStream) => views.add(want, onStream),
    streamed: () => views.refresh(),
    handle(event) {
      switch (event.name) {
        case 'media.started':
          if (event.data.userID !== me) started(event.data)
          return
        case 'media.moved':
          if (event.data.userID === theirs?.userID) moved(event.data)
          return
        case 'media.stopped':
          if (event.data.userID === me) own.stopped(event.data.reason)
          else if (event.data.userID === theirs?.userID) stopped(event.data.reason)
          return
      }
    },
    resync({ media: fresh }) {
      if (own.player) {
        if (fresh?.userID === me) own.tell()
        else own.reclaim()
      } else if (fresh?.userID === me && !own.busy)
        send('media.stop', { reason: 0 }).catch(() => {})
      const other = fresh && fresh.userID !== me ? fresh : null
      if (theirs && theirs.userID !== other?.userID) stopped(5)
      if (!other || over) return
      if (theirs) moved(other)
      else started(other)
    },
    close() {
      if (over) return
      over = true
      own.release()
      views.close()
      events.clear()
    },
  }
}

import type { MeetingSnapshot, ScreenShare } from '@yuntang/protocol'
import type { Watch } from '../api.ts'
import { createEmitter } from '../emitter.ts'
import { YuntangError } from '../errors.ts'
import type { Send } from '../link/link.ts'
import type { MeetingMedia } from '../media/port.ts'
import type { MeetingPart } from '../meeting/part.ts'
import type { Screen, ScreenEvents, ShareArea } from './api.ts'
import { createOwnShare } from './own-share.ts'

export interface ScreenDeps {
  readonly me: string
  readonly send: Send
  readonly media: MeetingMedia | null
  /** The receiving connection is needed. */
  receive(): void
}

export interface OwnedScreen extends Screen, MeetingPart {
  /** The received picture came, changed or went away. */
  streamed(): void
}

interface View {
  height: number
  shown: MediaStream | null
  readonly onStream: (stream: MediaStream | null) => void
}

const cleanHeight = (height: number) =>
  Number.isFinite(height) ? Math.min(8192, Math.max(0, Math.ceil(height))) : 0

const isSame = (a: ShareArea, b: ShareArea) =>
  a.x === b.x && a.y === b.y && a.w === b.w && a.h === b.h

/** The meeting's share as one page has it. */
export const createScreen = (snapshot: MeetingSnapshot, deps: ScreenDeps): OwnedScreen => {
  const { me, send, media } = deps
  const events = createEmitter<ScreenEvents>()
  /** Another member's share, as the server tells; of my own this page knows better. */
  let share: ScreenShare | null = snapshot.screen?.userID === me ? null : (snapshot.screen ?? null)
  let over = false
  let ownStream: MediaStream | null = null
  const views = new Set<View>()

  const own = createOwnShare({
    send,
    media,
    changed(areaChanged) {
      refresh()
      if (areaChanged && own.capture) events.emit('area', own.capture.area)
      events.emit('changed', undefined)
    },
    ended() {
      refresh()
      events.emit('ended', undefined)
      events.emit('changed', undefined)
    },
  })

  const streamNow = (): MediaStream | null => {
    const track = own.capture?.track
    if (!track) ownStream = null
    else if (ownStream?.getVideoTracks()[0] !== track) ownStream = new MediaStream([track])
    if (ownStream) return ownStream
    return share ? (media?.screenStream(share.userID) ?? null) : null
  }

  const tell = () => {
    const height = Math.max(0, ...[...views].map((view) => view.height))
    media?.watchScreen(height)
    if (height > 0 && share) deps.receive()
  }

  /** Watchers get what is there now. */
  const refresh = () => {
    if (over) return
    tell()
    const stream = streamNow()
    for (const view of [...views]) show(view, stream)
  }
  const show = (view: View, stream: MediaStream | null) => {
    if (view.shown === stream) return
    view.shown = stream
    try {
      view.onStream(stream)
    } catch (error) {
      console.error(error)
    }
  }

  const started = (fresh: ScreenShare) => {
    share = fresh
    refresh()
    events.emit('started', { userID: fresh.userID })
    if (over || share !== fresh) return
    events.emit('area', fresh.rect)
    events.emit('changed', undefined)
  }
  const stopped = () => {
    if (!share) return
    const { userID } = share
    share = null
    refresh()
    events.emit('stopped', { userID })
    events.emit('changed', undefined)
  }
  const resized = (rect: ShareArea) => {
    if (!share || isSame(share.rect, rect)) return
    share = { ...share, rect }
    events.emit('area', rect)
    events.emit('changed', undefined)
  }

  return {
    on: events.on,
    once: events.once,
    get sharer() {
      if (over) return ''
      return own.capture ? me : (share?.userID ?? '')
    },
    get sharing() {
      return own.capture !== null
    },
    get surface() {
      return own.capture?.kind ?? null
    },
    get area() {
      if (over) return null
      return own.capture?.area ?? share?.rect ?? null
    },
    async start(options = {}) {
      if (over) throw new YuntangError('meeting.outside')
      if (share) throw new YuntangError('screen.taken')
      await own.start(options)
      if (over) return
      refresh()
      events.emit('changed', undefined)
    },
    stop: () => own.stop(),
    configure: (config) => own.configure(config),
    watch(want, onStream): Watch {
      if (over) return { resize() {}, close() {} }
      const view: View = { height: cleanHeight(want.height), shown: null, onStream }
      views.add(view)
      refresh()
      return {
        resize(height) {
          view.height = cleanHeight(height)
          if (!over) tell()
        },
        close() {
          if (views.delete(view) && !over) tell()
        },
      }
    },
    streamed: refresh,
    handle(event) {
      switch (event.name) {
        case 'screen.started':
          // Of my own share this page knows more than the server tells.
          if (event.data.userID !== me) started({ ...event.data, holder: '' })
          return
        case 'screen.resized':
          resized(event.data.rect)
          return
        case 'screen.stopped':
          if (event.data.userID === share?.userID) stopped()
          return
      }
    },
    resync({ screen }) {
      if (screen?.userID !== me) own.reclaim()
      const theirs = screen && screen.userID !== me ? screen : null
      if (share && share.userID !== theirs?.userID) stopped()
      if (!theirs || over) return
      if (!share) started(theirs)
      else resized(theirs.rect)
    },
    close() {
      if (over) return
      over = true
      own.release()
      for (const view of [...views]) show(view, null)
      views.clear()
      events.clear()
    },
  }
}

import type { MeetingSnapshot, ScreenShare } from '@yuntang/protocol'
import type { Watch } from '../api.ts'
import { createEmitter } from '../emitter.ts'
import { YuntangError } from '../errors.ts'
import type { Send } from '../link/link.ts'
import type { MeetingMedia } from '../media/port.ts'
import type { MeetingPart } from '../meeting/part.ts'
import type { Screen, ScreenEvents, ShareArea } from './api.ts'
import { createControl } from './control.ts'
import { showBadge } from './control-badge.ts'
import { createMarks } from './marks.ts'
import { createOwnShare } from './own-share.ts'
import { showPageMarks } from './page-marks.ts'
import { createRemoteInputs } from './remote-inputs.ts'
import { Replay } from './replay/replay.ts'
import { markThisTab } from './this-tab.ts'

export interface ScreenDeps {
  readonly me: string
  readonly send: Send
  readonly media: MeetingMedia | null
  /** The receiving connection is needed. */
  receive(): void
  isMember(userID: string): boolean
  nickName(userID: string): string
  newID(): string
}

export interface OwnedScreen extends Screen, MeetingPart {
  /** The received picture came, changed or went away. */
  streamed(): void
}

const MOUSE_TYPES = [0, 1, 2, 3] as const
const BUTTON_TYPES = [0, 1, 2, 3, 4, 5] as const

interface View {
  height: number
  shown: MediaStream | null
  readonly onStream: (stream: MediaStream | null) => void
}

const cleanHeight = (height: number) =>
  Number.isFinite(height) ? Math.min(8192, Math.max(0, Math.ceil(height))) : 0

const clampTo = (value: number, most: number) =>
  Number.isFinite(value) ? Math.min(most, Math.max(0, Math.round(value))) : 0

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
  let hideBadge: (() => void) | null = null
  let pageMarks: { draw(): void; remove(): void } | null = null
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
      marks.reset()
      control.drop()
      refresh()
      events.emit('ended', undefined)
      events.emit('changed', undefined)
    },
  })

  const replay = new Replay(() => {
    const { capture } = own
    if (!capture) return null
    return { size: capture.surface, area: capture.area, isThisTab: capture.kind === 'thisTab' }
  })
  const control = createControl({
    me,
    send,
    sharing: () => !over && own.capture !== null,
    isMember: deps.isMember,
    replaying: () => replay.active,
    given(change) {
      const name = deps.nickName(change.userID) || change.userID
      hideBadge = showBadge(name, () => control.takeBack())
      events.emit('given', change)
      events.emit('changed', undefined)
    },
    released(change) {
      hideBadge?.()
      hideBadge = null
      replay.releaseAll()
      if (over) return
      events.emit('released', change)
      events.emit('changed', undefined)
    },
  })
  const inputs = createRemoteInputs(send)
  const marks = createMarks({
    me,
    send,
    newID: deps.newID,
    changed() {
      showOnPage()
      if (!over) events.emit('marks', undefined)
    },
  })

  /** While this very tab is shared, its strokes lie on the page itself, too (spec 09 §6). */
  const showOnPage = () => {
    const isNeeded = !over && own.capture?.kind === 'thisTab' && marks.list.length > 0
    if (!isNeeded) {
      pageMarks?.remove()
      pageMarks = null
      return
    }
    pageMarks ??= showPageMarks(() =>
      own.capture ? { size: own.capture.surface, area: own.capture.area, marks: marks.list } : null,
    )
    pageMarks.draw()
  }

  const holdsRight = () => !over && share !== null && share.holder === me
  /** What another sharer's page is told of me counts only while I hold the right. */
  const setHolder = (holder: string, by: string) => {
    if (!share || share.holder === holder) return
    const before = share.holder
    share = { ...share, holder }
    if (before === me) inputs.clear()
    if (before !== '') events.emit('released', { by, userID: before })
    if (holder !== '' && share?.holder === holder) events.emit('given', { by, userID: holder })
    events.emit('changed', undefined)
  }

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
    marks.load()
    refresh()
    events.emit('started', { userID: fresh.userID })
    if (over || share !== fresh) return
    events.emit('area', fresh.rect)
    if (fresh.holder !== '') events.emit('given', { by: fresh.userID, userID: fresh.holder })
    events.emit('changed', undefined)
  }
  const stopped = () => {
    if (!share) return
    const { userID } = share
    setHolder('', userID)
    share = null
    inputs.clear()
    marks.reset()
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

  // Long before a share: the browser takes its time to learn who this tab is.
  markThisTab()
  if (share) marks.load()

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
    get holder() {
      if (over) return ''
      return own.capture ? control.granted : (share?.holder ?? '')
    },
    get marks() {
      return over ? [] : marks.list
    },
    async start(options = {}) {
      // Who controls this page must not share another surface of it.
      if (replay.active) throw new YuntangError('permission.denied')
      if (over) throw new YuntangError('meeting.outside')
      if (share) throw new YuntangError('screen.taken')
      const fresh = own.capture === null
      await own.start(options)
      if (over) return
      // Others may have been faster with their pens.
      if (fresh) marks.load()
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
    async give(userID, { signal } = {}) {
      if (over) throw new YuntangError('meeting.outside')
      await control.give(userID, signal)
    },
    release() {
      if (own.capture) return control.takeBack()
      if (!holdsRight()) return false
      setHolder('', me)
      send('screen.release', {}).catch((error: unknown) => console.warn(error))
      return true
    },
    sendMouse(msgType, keyType, x, y) {
      if (!share || !holdsRight()) return false
      const { w, h } = share.rect
      const mouse = MOUSE_TYPES.find((type) => type === msgType)
      const button = BUTTON_TYPES.find((type) => type === keyType)
      if (mouse === undefined || button === undefined) return false
      return inputs.add({ mouse, button, x: clampTo(x, w - 1), y: clampTo(y, h - 1) })
    },
    sendKey(keyMsgType, vk, extended) {
      if (!holdsRight() || !Number.isInteger(vk) || vk < 1 || vk > 254) return false
      return inputs.add({ key: keyMsgType === 1 ? 1 : 0, vk, extended: extended ? 1 : 0 })
    },
    draw(style) {
      const area = over ? null : (own.capture?.area ?? share?.rect ?? null)
      return area && marks.draw(style, area)
    },
    clearMarks() {
      if (!over && marks.list.some(({ userID }) => userID === me)) marks.clearMine()
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
        case 'screen.given':
          if (own.capture) control.toldGiven(event.data)
          else setHolder(event.data.userID, event.data.by)
          return
        case 'screen.released':
          if (own.capture) control.toldReleased(event.data)
          else if (share?.holder === event.data.userID) setHolder('', event.data.by)
          return
        case 'screen.input':
          // Asked for each anew: one of them may have led to the end of the right.
          for (const input of event.data.inputs)
            if (own.capture && control.granted !== '' && event.data.by === control.granted)
              replay.carryOut(event.data.by, input)
          return
        case 'screen.marked':
          if (share || own.capture) marks.marked(event.data)
          return
        case 'screen.unmarked':
          marks.unmarked(event.data.userID)
          return
      }
    },
    resync({ screen }) {
      if (own.capture) {
        // Messages were lost: what is down may never be told to be released.
        replay.releaseAll()
        if (screen?.userID !== me) own.reclaim()
        control.resync(screen?.userID === me ? screen.holder : '')
      }
      marks.reset()
      const theirs = screen && screen.userID !== me ? screen : null
      if (share && share.userID !== theirs?.userID) stopped()
      if (own.capture && !over) marks.load()
      if (!theirs || over) return
      if (share) marks.load()
      if (!share) started(theirs)
      else {
        resized(theirs.rect)
        setHolder(theirs.holder, theirs.userID)
      }
    },
    close() {
      if (over) return
      over = true
      control.drop()
      inputs.clear()
      marks.close()
      showOnPage()
      own.release()
      for (const view of [...views]) show(view, null)
      views.clear()
      events.clear()
    },
  }
}

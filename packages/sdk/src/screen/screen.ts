import type { MeetingSnapshot } from '@yuntang/protocol'
import { createEmitter } from '../emitter.ts'
import { YuntangError } from '../errors.ts'
import type { Send } from '../link/link.ts'
import type { MeetingMedia } from '../media/port.ts'
import type { MeetingPart } from '../meeting/part.ts'
import type { Screen, ScreenEvents } from './api.ts'
import { createControlled } from './controlled.ts'
import { createMarks } from './marks.ts'
import { createOwnShare } from './own-share.ts'
import { showPageMarks } from './page-marks.ts'
import { createRemoteInputs, keyInput, mouseInput } from './remote-inputs.ts'
import { createShareWatches } from './share-watches.ts'
import { createTheirShare, theirsOf } from './their-share.ts'
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

/** The meeting's share as one page has it. */
export const createScreen = (snapshot: MeetingSnapshot, deps: ScreenDeps): OwnedScreen => {
  const { me, send, media } = deps
  const events = createEmitter<ScreenEvents>()
  let over = false
  let ownStream: MediaStream | null = null
  let pageMarks: { draw(): void; remove(): void } | null = null

  const own = createOwnShare({
    send,
    media,
    changed(areaChanged) {
      watches.refresh()
      if (areaChanged && own.capture) events.emit('area', own.capture.area)
      events.emit('changed', undefined)
    },
    ended() {
      marks.reset()
      control.drop()
      watches.refresh()
      events.emit('ended', undefined)
      events.emit('changed', undefined)
    },
  })
  const controlled = createControlled({
    me,
    send,
    capture: () => (over ? null : own.capture),
    isMember: deps.isMember,
    nameOf: (userID) => deps.nickName(userID) || userID,
    given(change) {
      events.emit('given', change)
      events.emit('changed', undefined)
    },
    released(change) {
      if (over) return
      events.emit('released', change)
      events.emit('changed', undefined)
    },
  })
  const { control } = controlled
  const inputs = createRemoteInputs(send)
  const theirs = createTheirShare(theirsOf(snapshot, me), {
    me,
    events,
    over: () => over,
    began() {
      marks.load()
      watches.refresh()
    },
    ended() {
      inputs.clear()
      marks.reset()
      watches.refresh()
    },
    released: () => inputs.clear(),
  })
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

  const streamNow = (): MediaStream | null => {
    const track = own.capture?.track
    if (!track) ownStream = null
    else if (ownStream?.getVideoTracks()[0] !== track) ownStream = new MediaStream([track])
    if (ownStream) return ownStream
    return theirs.now ? (media?.screenStream(theirs.now.userID) ?? null) : null
  }
  const watches = createShareWatches({
    stream: streamNow,
    want(height) {
      media?.watchScreen(height)
      if (height > 0 && theirs.now) deps.receive()
    },
  })
  const areaNow = () => (over ? null : (own.capture?.area ?? theirs.now?.rect ?? null))
  /** The share that I control, if any. */
  const mine = () => (!over && theirs.mine ? theirs.now : null)

  // Long before a share: the browser takes its time to learn who this tab is.
  markThisTab()
  if (theirs.now) marks.load()

  return {
    on: events.on,
    once: events.once,
    get sharer() {
      if (over) return ''
      return own.capture ? me : (theirs.now?.userID ?? '')
    },
    get sharing() {
      return own.capture !== null
    },
    get surface() {
      return own.capture?.kind ?? null
    },
    get area() {
      return areaNow()
    },
    get holder() {
      if (over) return ''
      return own.capture ? control.granted : (theirs.now?.holder ?? '')
    },
    get marks() {
      return over ? [] : marks.list
    },
    async start(options = {}) {
      // Who controls this page must not share another surface of it.
      if (controlled.active) throw new YuntangError('permission.denied')
      if (over) throw new YuntangError('meeting.outside')
      if (theirs.now) throw new YuntangError('screen.taken')
      const fresh = own.capture === null
      await own.start(options)
      if (over) return
      // Others may have been faster with their pens.
      if (fresh) marks.load()
      watches.refresh()
      events.emit('changed', undefined)
    },
    stop: () => own.stop(),
    configure: (config) => own.configure(config),
    watch: ({ height }, onStream) => watches.add(height, onStream),
    async give(userID, { signal } = {}) {
      if (over) throw new YuntangError('meeting.outside')
      await control.give(userID, signal)
    },
    release() {
      if (own.capture) return control.takeBack()
      if (!mine()) return false
      theirs.setHolder('', me)
      send('screen.release', {}).catch((error: unknown) => console.warn(error))
      return true
    },
    sendMouse(msgType, keyType, x, y) {
      const share = mine()
      const input = share && mouseInput(msgType, keyType, x, y, share.rect)
      return input !== null && inputs.add(input)
    },
    sendKey(keyMsgType, vk, extended) {
      const input = mine() && keyInput(keyMsgType, vk, extended)
      return input !== null && inputs.add(input)
    },
    draw(style) {
      const area = areaNow()
      return area && marks.draw(style, area)
    },
    clearMarks() {
      if (!over && marks.list.some(({ userID }) => userID === me)) marks.clearMine()
    },
    streamed: () => watches.refresh(),
    handle(event) {
      switch (event.name) {
        case 'screen.started':
          // Of my own share this page knows more than the server tells.
          if (event.data.userID !== me) theirs.started({ ...event.data, holder: '' })
          return
        case 'screen.resized':
          theirs.resized(event.data.rect)
          return
        case 'screen.stopped':
          if (event.data.userID === theirs.now?.userID) theirs.stopped()
          return
        case 'screen.given':
          if (own.capture) control.toldGiven(event.data)
          else theirs.setHolder(event.data.userID, event.data.by)
          return
        case 'screen.released':
          if (own.capture) control.toldReleased(event.data)
          else if (theirs.now?.holder === event.data.userID) theirs.setHolder('', event.data.by)
          return
        case 'screen.input':
          controlled.carryOut(event.data.by, event.data.inputs)
          return
        case 'screen.marked':
          if (theirs.now || own.capture) marks.marked(event.data)
          return
        case 'screen.unmarked':
          marks.unmarked(event.data.userID)
          return
      }
    },
    resync(fresh) {
      if (own.capture) {
        controlled.letGo()
        const { screen } = fresh
        if (screen?.userID !== me) own.reclaim()
        control.resync(screen?.userID === me ? screen.holder : '')
      }
      theirs.resync(theirsOf(fresh, me))
      if (!over && (own.capture || theirs.now)) marks.load()
    },
    close() {
      if (over) return
      over = true
      control.drop()
      inputs.clear()
      marks.close()
      showOnPage()
      own.release()
      watches.close()
      events.clear()
    },
  }
}

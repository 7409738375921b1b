import { FIRST_PAGES, type MeetingSnapshot, type PagesState } from '@yuntang/protocol'
import { createEmitter } from '../emitter.ts'
import { YuntangError } from '../errors.ts'
import type { Send } from '../link/link.ts'
import type { Pages, PagesEvents } from './pages-api.ts'
import type { MeetingPart } from './part.ts'

type Page = Pick<PagesState, 'main' | 'sub' | 'by'>

const samePage = (a: Page, b: Page) => a.main === b.main && a.sub === b.sub

/** What all members look at together, on one page. */
export const createPages = (
  snapshot: MeetingSnapshot,
  send: Send,
  /** Resolves when the server knows of a board that this page has made; null: nothing to wait for. */
  boardArrived: (boardID: string) => Promise<void> | null,
): Pages & MeetingPart => {
  const { me, policy, owner } = snapshot
  const mayDirect = policy === 'open' || owner === me
  const events = createEmitter<PagesEvents>()
  /** As the server has it. */
  let state: PagesState = snapshot.pages ?? FIRST_PAGES
  /** As this page shows it: ahead of the server while own switches are on their way. */
  let shown: Page = state
  let switching = 0
  let over = false
  /** Switches wait for a board that is on its way, and for each other then: they keep their order. */
  let held: Promise<unknown> | null = null
  const hold = async (arrived: Promise<void> | null) => {
    const mine = Promise.all([held, arrived])
    held = mine
    await mine
    if (held === mine) held = null
  }

  /** Nothing of this page is on its way: the server's order has decided. */
  const settle = (isSwitch = true) => {
    const before = shown
    shown = { main: state.main, sub: state.sub, by: state.by }
    if (samePage(before, shown)) return
    if (isSwitch && shown.by !== me) events.emit('switched', shown)
    events.emit('changed', undefined)
  }
  const setWall = (mode: number, by: string) => {
    state = { ...state, wall: mode, wallBy: by }
    events.emit('wall', { mode, by })
    events.emit('changed', undefined)
  }
  const setMainVideo = (userID: string, by: string) => {
    state = { ...state, mainVideo: userID, mainVideoBy: by }
    events.emit('mainVideo', { userID, by })
    events.emit('changed', undefined)
  }
  const permit = () => {
    if (over) throw new YuntangError('meeting.outside')
    if (!mayDirect) throw new YuntangError('permission.denied')
  }

  return {
    on: events.on,
    once: events.once,
    get main() {
      return over ? FIRST_PAGES.main : shown.main
    },
    get sub() {
      return over ? '' : shown.sub
    },
    get by() {
      return over ? '' : shown.by
    },
    get wall() {
      return over ? 0 : state.wall
    },
    get wallBy() {
      return over ? '' : state.wallBy
    },
    get mainVideo() {
      return over ? '' : state.mainVideo
    },
    get mainVideoBy() {
      return over ? '' : state.mainVideoBy
    },
    mayDirect,
    async switchTo(main, sub = '', { signal } = {}) {
      permit()
      const wanted = { main, sub, by: me }
      if (samePage(shown, wanted)) return
      shown = wanted
      switching += 1
      events.emit('changed', undefined)
      try {
        const arrived = main === 2 && sub !== '' ? boardArrived(sub) : null
        if (held || arrived) await hold(arrived)
        await send('pages.switch', { main, sub }, signal)
      } finally {
        switching -= 1
        if (switching === 0 && !over) settle()
      }
    },
    async setWall(mode, { signal } = {}) {
      permit()
      await send('pages.setWall', { mode }, signal)
    },
    async setMainVideo(userID, { signal } = {}) {
      permit()
      await send('pages.setMainVideo', { userID }, signal)
    },
    handle(event) {
      switch (event.name) {
        case 'pages.switched':
          state = { ...state, ...event.data }
          if (switching === 0) settle()
          return
        case 'pages.subClosed':
          state = { ...state, sub: '' }
          if (switching === 0) {
            shown = { ...shown, sub: '' }
            events.emit('changed', undefined)
          }
          return
        case 'pages.wall':
          setWall(event.data.mode, event.data.by)
          return
        case 'pages.mainVideo':
          setMainVideo(event.data.userID, event.data.by)
          return
      }
    },
    resync({ pages: now = FIRST_PAGES }) {
      const before = state
      state = { ...state, main: now.main, sub: now.sub, by: now.by }
      // A sub page that nobody switched was a board that is closed (spec 11 §2).
      if (switching === 0)
        settle(before.main !== now.main || now.sub !== '' || before.by !== now.by)
      if (before.wall !== now.wall || before.wallBy !== now.wallBy) setWall(now.wall, now.wallBy)
      if (before.mainVideo !== now.mainVideo) setMainVideo(now.mainVideo, now.mainVideoBy)
    },
    close() {
      over = true
      events.clear()
    },
  }
}

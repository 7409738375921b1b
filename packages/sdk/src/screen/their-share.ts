import type { MeetingSnapshot, ScreenShare } from '@yuntang/protocol'
import type { Emitter } from '../emitter.ts'
import type { ScreenEvents, ShareArea } from './api.ts'

export interface TheirShareDeps {
  readonly me: string
  readonly events: Emitter<ScreenEvents>
  /** The meeting is over on this page; listeners may have ended it. */
  over(): boolean
  /** A share began; who looks and who draws comes next. */
  began(): void
  /** The share is over, or I may control it no longer. */
  ended(): void
  released(): void
}

/** Another member's share, as the server tells; of my own this page knows better. */
export interface TheirShare {
  readonly now: ScreenShare | null
  /** I may send mouse and keys. */
  readonly mine: boolean
  started(fresh: ScreenShare): void
  stopped(): void
  resized(rect: ShareArea): void
  /** `""`: nobody holds the right any more. */
  setHolder(holder: string, by: string): void
  /** Events were lost: differences become events. */
  resync(theirs: ScreenShare | null): void
}

const isSame = (a: ShareArea, b: ShareArea) =>
  a.x === b.x && a.y === b.y && a.w === b.w && a.h === b.h

/** What a snapshot says about shares of others. */
export const theirsOf = ({ screen }: MeetingSnapshot, me: string): ScreenShare | null =>
  screen && screen.userID !== me ? screen : null

export const createTheirShare = (first: ScreenShare | null, deps: TheirShareDeps): TheirShare => {
  const { me, events } = deps
  let share = first

  const setHolder = (holder: string, by: string) => {
    if (!share || share.holder === holder) return
    const before = share.holder
    share = { ...share, holder }
    if (before === me) deps.released()
    if (before !== '') events.emit('released', { by, userID: before })
    if (holder !== '' && share?.holder === holder) events.emit('given', { by, userID: holder })
    events.emit('changed', undefined)
  }
  const started = (fresh: ScreenShare) => {
    share = fresh
    deps.began()
    events.emit('started', { userID: fresh.userID })
    if (deps.over() || share !== fresh) return
    events.emit('area', fresh.rect)
    if (fresh.holder !== '') events.emit('given', { by: fresh.userID, userID: fresh.holder })
    events.emit('changed', undefined)
  }
  const stopped = () => {
    if (!share) return
    const { userID } = share
    setHolder('', userID)
    share = null
    deps.ended()
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
    get now() {
      return share
    },
    get mine() {
      return share !== null && share.holder === me
    },
    started,
    stopped,
    resized,
    setHolder,
    resync(theirs) {
      const isSameShare = share?.userID === theirs?.userID && share?.since === theirs?.since
      if (share && !isSameShare) stopped()
      if (!theirs || deps.over()) return
      if (!share) started(theirs)
      else {
        resized(theirs.rect)
        setHolder(theirs.holder, theirs.userID)
      }
    },
  }
}

import type { YuntangErrorShape } from '../api.ts'
import { YuntangError } from '../errors.ts'
import type { Send } from '../link/link.ts'
import type { ControlChange } from './api.ts'

export interface ControlDeps {
  readonly me: string
  readonly send: Send
  sharing(): boolean
  isMember(userID: string): boolean
  /** A message of the holder is being replayed right now. */
  replaying(): boolean
  given(change: ControlChange): void
  released(change: ControlChange): void
}

/**
 * The control right as the sharer's page has it. This page alone decides: what it did not give by a
 * call of its own does not exist here, whatever the server or other pages say (spec 09 §7.2).
 */
export interface OwnControl {
  /** Who may control this page's share; `""`: nobody. */
  readonly granted: string
  give(userID: string, signal?: AbortSignal): Promise<void>
  /** Synchronous: nothing of the holder counts from here on. */
  takeBack(): boolean
  /** The server's word, which counts only where it confirms or ends. */
  toldGiven(change: ControlChange): void
  toldReleased(change: ControlChange): void
  /** After lost events: who holds the right as the server has it. */
  resync(holder: string): void
  /** My share is over. */
  drop(): void
}

export const createControl = (deps: ControlDeps): OwnControl => {
  const { me, send } = deps
  let granted = ''
  /** Given by a call here and not confirmed yet. */
  const wishes = new Set<string>()

  const end = (by: string) => {
    if (granted === '') return false
    const userID = granted
    granted = ''
    deps.released({ by, userID })
    return true
  }
  const tellRelease = () => {
    send('screen.release', {}).catch((error: Partial<YuntangErrorShape>) => {
      // The holder left or gave it up at the same moment.
      if (error.code !== 'permission.denied') console.warn(error)
    })
  }
  const confirm = (userID: string) => {
    wishes.delete(userID)
    if (granted === userID) return
    end(me)
    granted = userID
    deps.given({ by: me, userID })
  }

  return {
    get granted() {
      return granted
    },
    async give(userID, signal) {
      // Who controls this page must not be able to hand it on, or to keep it, by clicking here.
      if (!deps.sharing() || deps.replaying()) throw new YuntangError('permission.denied')
      if (userID === me) throw new YuntangError('param.invalid')
      if (!deps.isMember(userID)) throw new YuntangError('member.unknown')
      if (userID === granted) return
      wishes.add(userID)
      try {
        await send('screen.give', { userID }, signal)
      } finally {
        wishes.delete(userID)
      }
    },
    takeBack() {
      const pending = wishes.size > 0
      wishes.clear()
      const ended = end(me)
      if (ended || pending) tellRelease()
      return ended || pending
    },
    toldGiven({ by, userID }) {
      if (by === me && wishes.has(userID)) confirm(userID)
      else if (userID !== granted) tellRelease()
    },
    toldReleased({ by, userID }) {
      if (userID === granted) end(by)
    },
    resync(holder) {
      if (holder === granted) return
      if (holder !== '' && wishes.has(holder)) confirm(holder)
      else {
        end(granted)
        if (holder !== '') tellRelease()
      }
    },
    drop() {
      wishes.clear()
      end(me)
    },
  }
}

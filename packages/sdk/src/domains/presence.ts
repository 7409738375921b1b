import type { Presence, PresenceEvents, UserStatus } from '../api.ts'
import type { Inbox } from '../client/inbox.ts'
import type { Login } from '../client/login.ts'
import { createEmitter } from '../emitter.ts'
import { YuntangError } from '../errors.ts'

/** The client's presence, with what its owner does to it. */
export interface OwnedPresence extends Presence {
  /** The login is over: do-not-disturb is 0 again. */
  reset(): void
  clear(): void
}

export const createPresence = (login: Login, inbox: Inbox): OwnedPresence => {
  const events = createEmitter<PresenceEvents>()
  let dnd = 0
  let watching = false
  /** What the page was told while watching, without those who went offline. */
  const known = new Map<string, UserStatus>()

  const changed = (user: UserStatus) => {
    if (user.status === 0) known.delete(user.userID)
    else known.set(user.userID, user)
    events.emit('changed', { user })
  }
  inbox.on('presence.changed', ({ users }) => {
    if (watching) for (const user of users) changed(user)
  })

  /** Changes were dropped, or the server began anew: it is told again, and so is the page. */
  const resync = async () => {
    if (dnd !== 0) await login.send('presence.setDnd', { value: dnd })
    if (!watching) return
    await login.send('presence.watch', {})
    const before = new Map(known)
    const now = await presence.list()
    if (!watching) return
    for (const user of now) {
      const old = before.get(user.userID)
      before.delete(user.userID)
      if (JSON.stringify(old) !== JSON.stringify(user)) changed(user)
    }
    for (const user of before.values()) changed({ ...user, status: 0, dnd: 0 })
  }
  // A link that fails again resyncs again.
  inbox.on('session.resync', () => void resync().catch(() => {}))

  const presence: OwnedPresence = {
    on: events.on,
    once: events.once,
    get dnd() {
      return dnd
    },
    async setDnd(value, cancel = {}) {
      if (login.current && value !== (value | 0)) throw new YuntangError('param.invalid')
      await login.send('presence.setDnd', { value }, cancel.signal)
      dnd = value
    },
    async list(cancel = {}) {
      const found = new Map<string, UserStatus>()
      let after: number | undefined = 0
      while (after !== undefined) {
        const part: { users: UserStatus[]; next?: number } = await login.send(
          'presence.list',
          { after },
          cancel.signal,
        )
        for (const user of part.users) {
          // Somebody who logged in again meanwhile is last now.
          found.delete(user.userID)
          found.set(user.userID, user)
        }
        after = part.next
      }
      for (const [userID, user] of found) known.set(userID, user)
      return [...found.values()]
    },
    async watch(cancel = {}) {
      await login.send('presence.watch', {}, cancel.signal)
      watching = true
      // What a resync is compared with; without it everybody would be told as changed.
      presence.list().catch(() => {})
    },
    async unwatch(cancel = {}) {
      await login.send('presence.unwatch', {}, cancel.signal)
      watching = false
    },
    reset() {
      dnd = 0
      watching = false
      known.clear()
    },
    clear: events.clear,
  }
  return presence
}

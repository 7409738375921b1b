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
  inbox.on('presence.changed', ({ users }) => {
    for (const user of users) events.emit('changed', { user })
  })

  return {
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
      return [...found.values()]
    },
    async watch(cancel = {}) {
      await login.send('presence.watch', {}, cancel.signal)
    },
    async unwatch(cancel = {}) {
      await login.send('presence.unwatch', {}, cancel.signal)
    },
    reset() {
      dnd = 0
    },
    clear: events.clear,
  }
}

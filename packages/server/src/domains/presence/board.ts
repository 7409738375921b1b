import { LIMITS, ProtocolError, type UserStatus } from '@yuntang/protocol'
import type { Activity, UserKey } from '../../actor/activity.ts'
import type { Context } from '../../actor/context.ts'
import type { Clock } from '../../core/clock.ts'
import { encodeEvent } from '../../gateway/link.ts'
import { type Board, part, statusOf } from './state.ts'

export interface PresenceDeps {
  readonly clock: Clock
  readonly activity: Activity
  readonly directory: { find(account: string, userID: string): Context | undefined }
  readonly engaged: (user: UserKey) => boolean
}

/** An account's board, who watches it, and the clock that tells what changed. */
interface Account extends Board {
  /** By user ID. */
  readonly watchers: Map<string, Context>
  cancelTold: (() => void) | null
}

/**
 * Who is online and what they do: the only owner of do-not-disturb. Changes are gathered for up to
 * 200 ms and told to all watchers of the account at once, encoded once.
 */
export class PresenceBoard {
  readonly #accounts = new Map<string, Account>()
  readonly #off: (() => void)[]
  #logins = 0

  constructor(private readonly deps: PresenceDeps) {
    const { activity } = deps
    this.#off = [
      activity.on('online', (user) => this.#online(user)),
      activity.on('offline', (user) => this.#offline(user)),
      activity.on('meeting', (user) => this.#changed(user.account, user.userID)),
      activity.on('call', ({ account, caller, called }) => {
        this.#changed(account, caller)
        this.#changed(account, called)
      }),
    ]
  }

  #account(name: string): Account {
    const known = this.#accounts.get(name)
    if (known) return known
    const account: Account = {
      users: new Map(),
      changed: new Map(),
      watchers: new Map(),
      cancelTold: null,
    }
    this.#accounts.set(name, account)
    return account
  }

  #online({ account, userID }: UserKey): void {
    const nickName = this.deps.directory.find(account, userID)?.user?.nickName ?? ''
    const { users } = this.#account(account)
    this.#logins += 1
    users.set(userID, { userID, nickName, order: this.#logins, dnd: 0 })
    this.#changed(account, userID)
  }

  #offline({ account, userID }: UserKey): void {
    const board = this.#accounts.get(account)
    const user = board?.users.get(userID)
    if (!board || !user) return
    board.users.delete(userID)
    board.watchers.delete(userID)
    this.#note(account, board, userID, user.nickName)
    if (board.users.size > 0) return
    board.cancelTold?.()
    this.#accounts.delete(account)
  }

  #changed(account: string, userID: string): void {
    const board = this.#accounts.get(account)
    const user = board?.users.get(userID)
    if (board && user) this.#note(account, board, userID, user.nickName)
  }

  #note(account: string, board: Account, userID: string, nickName: string): void {
    // A login of somebody nobody watches costs nothing.
    if (board.watchers.size === 0) return
    board.changed.set(userID, nickName)
    board.cancelTold ??= this.deps.clock.schedule(LIMITS.presenceMerge, () =>
      this.#tell(account, board),
    )
  }

  #tell(account: string, board: Account): void {
    board.cancelTold = null
    const users = [...board.changed].map(([userID, nickName]) =>
      this.#status(account, board, userID, nickName),
    )
    board.changed.clear()
    for (let i = 0; i < users.length; i += LIMITS.usersPerFrame) {
      const some = users.slice(i, i + LIMITS.usersPerFrame)
      const event = encodeEvent('presence.changed', { users: some })
      for (const { link } of board.watchers.values()) link.encoded(event)
    }
  }

  #status(account: string, board: Board, userID: string, nickName: string): UserStatus {
    const user = board.users.get(userID)
    const status = statusOf({
      online: user !== undefined,
      inMeeting: Boolean(this.deps.directory.find(account, userID)?.seat),
      engaged: this.deps.engaged({ account, userID }),
    })
    return { userID, nickName: user?.nickName ?? nickName, status, dnd: user?.dnd ?? 0 }
  }

  /** 0 off. */
  dnd({ account, userID }: UserKey): number {
    return this.#accounts.get(account)?.users.get(userID)?.dnd ?? 0
  }

  setDnd({ account, userID }: UserKey, dnd: number): void {
    const board = this.#accounts.get(account)
    const user = board?.users.get(userID)
    if (!board || !user) throw new ProtocolError('login.required')
    if (user.dnd === dnd) return
    board.users.set(userID, { ...user, dnd })
    this.#changed(account, userID)
    this.deps.activity.emit('dnd', { account, userID, dnd })
  }

  list(account: string, after: number): { users: UserStatus[]; next?: number } {
    const board = this.#account(account)
    const { users, next } = part(board, after, LIMITS.usersPerFrame)
    const shown = users.map((user) => this.#status(account, board, user.userID, user.nickName))
    return next === undefined ? { users: shown } : { users: shown, next }
  }

  watch({ account, userID }: UserKey, ctx: Context): void {
    this.#account(account).watchers.set(userID, ctx)
  }

  unwatch({ account, userID }: UserKey): void {
    this.#accounts.get(account)?.watchers.delete(userID)
  }

  /** Tells nobody anything any more. Idempotent. */
  close(): void {
    for (const off of this.#off.splice(0)) off()
    for (const board of this.#accounts.values()) board.cancelTold?.()
    this.#accounts.clear()
  }
}

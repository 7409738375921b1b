import { type Handlers, ProtocolError, type session } from '@yuntang/protocol'
import type { Context } from '../../actor/context.ts'
import type { Clock } from '../../core/clock.ts'
import { secretHash } from '../../core/hash.ts'
import type { Ids } from '../../core/ids.ts'
import type { UserStore } from '../../storage/port.ts'
import type { Seats } from '../meetings/seats.ts'
import type { Directory } from './directory.ts'

/** Who checks an app account's password and its users; see `accounts/`. */
export interface Authenticator {
  /**
   * Rejects with login.throttled, login.refused, auth.missing, auth.unsupported, auth.refused or
   * auth.unreachable; takes the same time for an unknown account.
   */
  authenticate(login: {
    account: string
    passwordMd5: string
    userID: string
    nickName: string
    authCode: string | null
    address: string
  }): Promise<void>
}

export interface SessionDeps {
  readonly clock: Clock
  readonly ids: Ids
  readonly users: UserStore
  readonly authenticator: Authenticator
  readonly directory: Directory
  readonly seats: Seats
  /** The page logged in or out. */
  changed(ctx: Context): void
}

/** Requests of the session domain; `hello` is the gateway's own. */
export const sessionHandlers = (
  deps: SessionDeps,
): Omit<Handlers<typeof session, Context>, 'hello'> => ({
  async login({ account, password, nickName, userID = deps.ids.uuid(), authCode = null }, ctx) {
    if (ctx.user || ctx.attempt < 0) throw new ProtocolError('login.state')
    ctx.attempt += 1
    const attempt = ctx.attempt
    await deps.authenticator.authenticate({
      account,
      passwordMd5: password.toLowerCase(),
      userID,
      nickName,
      authCode,
      address: ctx.link.address,
    })
    await deps.users.remember(account, userID, nickName, deps.clock.now())
    // The page gave up, or went away, while we were looking.
    if (ctx.link.ended || ctx.attempt !== attempt) throw new ProtocolError('login.state')
    deps.directory.replace(account, userID, deps.seats)
    const proof = deps.ids.token()
    ctx.user = { account, userID, nickName, proofHash: secretHash(proof) }
    deps.directory.add(ctx)
    deps.changed(ctx)
    return { userID, proof }
  },

  logout(_params, ctx) {
    ctx.attempt += 1
    deps.seats.leave(ctx, 'left')
    if (ctx.user) deps.seats.releaseAll(ctx.user.account, ctx.user.userID)
    deps.directory.remove(ctx, 'logout')
    ctx.user = null
    deps.changed(ctx)
    return {}
  },
})

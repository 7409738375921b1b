import { LIMITS } from '@yuntang/protocol'
import type { Cancellable, LoginOptions } from '../api.ts'
import { checkLogin } from '../domains/validate.ts'
import { YuntangError } from '../errors.ts'
import { type Attempt, createAttempt } from '../link/attempt.ts'
import type { LinkEnv } from '../link/env.ts'
import type { Send } from '../link/link.ts'
import { passwordDigest } from '../md5.ts'
import type { Connection } from './connection.ts'

/** Who this page is logged in as; `proof` is shown when it comes back after line-off. */
export interface LoggedIn {
  readonly userID: string
  readonly proof: string
}

/** The client's login: none, on its way, or there. */
export interface Login {
  readonly current: LoggedIn | null
  readonly busy: boolean
  /** Rejects with `login.state` while there is one or on its way. */
  begin(options: LoginOptions, cancel: Cancellable): Promise<LoggedIn>
  /** Over the login's link; rejects with `login.required` without one. */
  readonly send: Send
  /** Gives up an attempt under way. */
  abort(reason: YuntangError): void
  forget(): void
}

export const createLogin = (connection: Connection, env: LinkEnv, changed: () => void): Login => {
  let current: LoggedIn | null = null
  let attempt: Attempt | null = null

  const signIn = async (
    { account, password, nickName, userID, authCode }: LoginOptions,
    signal: AbortSignal,
  ) => {
    const params = {
      account,
      password: passwordDigest(password),
      nickName,
      ...(userID ? { userID } : {}),
      ...(authCode ? { authCode } : {}),
    }
    const to = await connection.connect(signal)
    return await to.send('session.login', params, signal)
  }

  return {
    get current() {
      return current
    },
    get busy() {
      return attempt !== null
    },
    async begin(options, cancel) {
      if (current || attempt) throw new YuntangError('login.state')
      checkLogin(options)
      const late = () => new YuntangError('request.timeout')
      const own = createAttempt(env.after, LIMITS.login, late, cancel.signal)
      attempt = own
      changed()
      try {
        const answer = await signIn(options, own.signal)
        own.signal.throwIfAborted()
        current = answer
        return answer
      } finally {
        own.done()
        if (attempt === own) attempt = null
        changed()
      }
    },
    send: (method, params, signal) =>
      current && connection.link
        ? connection.link.send(method, params, signal)
        : Promise.reject(new YuntangError('login.required')),
    abort(reason) {
      attempt?.abort(reason)
      attempt = null
    },
    forget() {
      current = null
    },
  }
}

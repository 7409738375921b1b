import { ProtocolError } from '@yuntang/protocol'
import { addressName } from '../core/address-name.ts'
import type { Clock } from '../core/clock.ts'
import type { Ids } from '../core/ids.ts'
import type { Log } from '../core/log.ts'
import type { Authenticator } from '../domains/session/handlers.ts'
import type { AccountRecord, AccountStore } from '../storage/port.ts'
import { type Attempts, createAttempts, type EndAttempt } from './attempts.ts'
import { createPasswordCheck, type PasswordCheck } from './password.ts'
import { checkUser } from './user-check.ts'

const WINDOW_MS = 60_000
const FAILURES_PER_ADDRESS = 20
/**
 * Higher than for an address: all users of an application share its account, and whoever can use
 * up this number keeps them all out. It still ends guessing from many addresses.
 */
const FAILURES_PER_ACCOUNT = 200

/** What says that somebody guesses. */
const WRONG: ReadonlySet<string> = new Set(['login.refused', 'auth.refused'])

type LoginAttempt = Parameters<Authenticator['authenticate']>[0]

/** Checks logins against the stored accounts, in the order of spec 02 §3. */
export interface AccountAuthenticator extends Authenticator {
  /** The account when the password is right, else null; the same work for an unknown account. */
  verify(account: string, md5Hex: string): Promise<AccountRecord | null>
}

export interface AuthenticatorDeps {
  readonly accounts: AccountStore
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Log
}

class StoredAccounts implements AccountAuthenticator {
  readonly #byAddress: Attempts
  readonly #byAccount: Attempts

  constructor(
    private readonly deps: AuthenticatorDeps,
    private readonly passwords: PasswordCheck,
  ) {
    this.#byAddress = createAttempts(deps.clock, FAILURES_PER_ADDRESS, WINDOW_MS)
    this.#byAccount = createAttempts(deps.clock, FAILURES_PER_ACCOUNT, WINDOW_MS)
  }

  /** A wrong password and an auth code that the user check refuses are failures alike. */
  async authenticate(login: LoginAttempt): Promise<void> {
    const end = await this.#begin(login)
    let failed = false
    try {
      await this.#checkUser(await this.#logIn(login), login)
    } catch (error) {
      failed = error instanceof ProtocolError && WRONG.has(error.code)
      throw error
    } finally {
      end(failed)
    }
  }

  /** @throws ProtocolError login.throttled */
  async #begin({ account, address }: LoginAttempt): Promise<EndAttempt> {
    const endAddress = await this.#byAddress.begin(addressName(address))
    if (!endAddress) throw new ProtocolError('login.throttled')
    const endAccount = await this.#byAccount.begin(account)
    if (!endAccount) {
      endAddress(false)
      throw new ProtocolError('login.throttled')
    }
    return (failed) => {
      endAddress(failed)
      endAccount(failed)
    }
  }

  async verify(name: string, md5Hex: string): Promise<AccountRecord | null> {
    const found = await this.deps.accounts.find(name)
    const account = found?.disabled ? null : found
    const right = await this.passwords.verify(account?.passwordHash ?? null, md5Hex.toLowerCase())
    return right ? account : null
  }

  async #logIn({ account: name, passwordMd5, address }: LoginAttempt): Promise<AccountRecord> {
    const account = await this.verify(name, passwordMd5)
    if (account) return account
    this.deps.log.info({ account: name, address }, 'A login was refused')
    throw new ProtocolError('login.refused')
  }

  async #checkUser({ name, authUrl }: AccountRecord, login: LoginAttempt): Promise<void> {
    const { userID, nickName, authCode } = login
    if (authUrl === null) {
      if (authCode !== null) throw new ProtocolError('auth.unsupported')
      return
    }
    if (authCode === null) throw new ProtocolError('auth.missing')
    const asked = { authAcnt: name, userID, nickName, userAuthCode: authCode }
    await checkUser(authUrl, asked, this.deps.clock, (err) =>
      this.deps.log.warn({ err, account: name }, 'The user check could not be used'),
    )
  }
}

/** Makes the authenticator of the stored accounts. */
export const createAuthenticator = async (deps: AuthenticatorDeps): Promise<AccountAuthenticator> =>
  new StoredAccounts(deps, await createPasswordCheck(deps.ids.token()))

import { ProtocolError } from '@yuntang/protocol'
import { addressName } from '../core/address-name.ts'
import type { Clock } from '../core/clock.ts'
import type { Ids } from '../core/ids.ts'
import type { Log } from '../core/log.ts'
import type { Authenticator } from '../domains/session/handlers.ts'
import type { AccountRecord, AccountStore } from '../storage/port.ts'
import { createPasswordCheck, type PasswordCheck } from './password.ts'
import { createThrottle, type Throttle } from './throttle.ts'
import { checkUser } from './user-check.ts'

const WINDOW_MS = 60_000
const FAILURES_PER_ADDRESS = 20
/**
 * Higher than for an address: all users of an application share its account, and whoever can use
 * up this number keeps them all out. It still ends guessing from many addresses.
 */
const FAILURES_PER_ACCOUNT = 200

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
  readonly #byAddress: Throttle
  readonly #byAccount: Throttle

  constructor(
    private readonly deps: AuthenticatorDeps,
    private readonly passwords: PasswordCheck,
  ) {
    this.#byAddress = createThrottle(deps.clock, FAILURES_PER_ADDRESS, WINDOW_MS)
    this.#byAccount = createThrottle(deps.clock, FAILURES_PER_ACCOUNT, WINDOW_MS)
  }

  async authenticate(login: LoginAttempt): Promise<void> {
    const account = await this.#logIn(login)
    const { authUrl } = account
    const { authCode } = login
    if (authUrl === null) {
      if (authCode !== null) throw new ProtocolError('auth.unsupported')
      return
    }
    if (authCode === null) throw new ProtocolError('auth.missing')
    const asked = {
      authAcnt: account.name,
      userID: login.userID,
      nickName: login.nickName,
      userAuthCode: authCode,
    }
    await checkUser(authUrl, asked, this.deps.clock, (err) =>
      this.deps.log.warn({ err, account: account.name }, 'The user check could not be used'),
    )
  }

  async verify(name: string, md5Hex: string): Promise<AccountRecord | null> {
    const found = await this.deps.accounts.find(name)
    const account = found?.disabled ? null : found
    const right = await this.passwords.verify(account?.passwordHash ?? null, md5Hex.toLowerCase())
    return right ? account : null
  }

  /** An attempt is counted before it is made, so that many at once cannot pass the limit. */
  async #logIn({ account: name, passwordMd5, address }: LoginAttempt): Promise<AccountRecord> {
    const from = addressName(address)
    if (!this.#byAddress.take(from)) throw new ProtocolError('login.throttled')
    if (!this.#byAccount.take(name)) {
      this.#byAddress.giveBack(from)
      throw new ProtocolError('login.throttled')
    }
    const account = await this.verify(name, passwordMd5)
    if (account === null) {
      this.deps.log.info({ account: name, address }, 'A login was refused')
      throw new ProtocolError('login.refused')
    }
    this.#byAddress.giveBack(from)
    this.#byAccount.giveBack(name)
    return account
  }
}

/** Makes the authenticator of the stored accounts. */
export const createAuthenticator = async (deps: AuthenticatorDeps): Promise<AccountAuthenticator> =>
  new StoredAccounts(deps, await createPasswordCheck(deps.ids.token()))

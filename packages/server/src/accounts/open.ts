import type { Clock } from '../core/clock.ts'
import type { Ids } from '../core/ids.ts'
import { type Log, silentLog } from '../core/log.ts'
import type { AccountStore } from '../storage/port.ts'
import { type AppAccountConfig, ensureAppAccount } from './app-account.ts'
import { type AccountAuthenticator, createAuthenticator } from './authenticator.ts'

/** The configured account, and the door that it opens. */
export interface Accounts {
  readonly name: string
  /** Only a generated one, to be printed; null when the operator set it. */
  readonly password: string | null
  readonly authenticator: AccountAuthenticator
}

/**
 * Makes or updates the configured app account and the authenticator of all stored ones.
 * @throws StartError when the kept demo account cannot be read.
 */
export const openAccounts = async (
  config: AppAccountConfig,
  dataDir: string,
  accounts: AccountStore,
  clock: Clock,
  ids: Ids,
  log: Log = silentLog,
): Promise<Accounts> => {
  const first = await ensureAppAccount({ accounts, dataDir, config, ids })
  return {
    name: first.name,
    password: first.generatedPassword,
    authenticator: await createAuthenticator({ accounts, clock, ids, log }),
  }
}

import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { hash, verify } from '@node-rs/argon2'
import { ProtocolError } from '@yuntang/protocol'
import type { Config } from '../config.ts'
import type { Clock } from '../core/clock.ts'
import type { Ids } from '../core/ids.ts'
import { StartError } from '../core/start-error.ts'
import type { Authenticator } from '../domains/session/handlers.ts'
import type { AccountStore } from '../storage/port.ts'
import { Throttle } from './throttle.ts'
import { checkUser } from './user-check.ts'

export interface Accounts {
  readonly name: string
  /** Only of the generated demo account, to be printed; null when the operator set it. */
  readonly password: string | null
  readonly authenticator: Authenticator
}

const FILE = 'demo-account.json'
const FAILURES_PER_MINUTE = 20

export const md5Hex = (text: string) => createHash('md5').update(text, 'utf8').digest('hex')

/** Made once and kept, so that it is the same at every start (spec 02 §3). */
const demoPassword = (dataDir: string, ids: Ids): string => {
  const file = path.join(dataDir, FILE)
  try {
    const kept = JSON.parse(readFileSync(file, 'utf8')) as { password?: unknown }
    if (typeof kept.password === 'string' && kept.password) return kept.password
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
      throw new StartError(`${file} cannot be read; mend or remove it, then start again.`)
  }
  const password = ids.token().replace(/[-_]/g, '').slice(0, 12)
  writeFileSync(file, `${JSON.stringify({ password })}\n`, { mode: 0o600 })
  return password
}

/** What pages send is the MD5; stored is its argon2id, so that a stolen table lets nobody in. */
const keep = async (
  store: AccountStore,
  name: string,
  password: string,
  authUrl: string | null,
) => {
  const md5 = md5Hex(password)
  const known = await store.find(name)
  const same = known && (await verify(known.passwordHash, md5).catch(() => false))
  if (known && same && known.authUrl === authUrl) return
  await store.upsert({
    name,
    passwordHash: same ? known.passwordHash : await hash(md5),
    authUrl,
    disabled: known?.disabled ?? false,
  })
}

const createAuthenticator = async (
  store: AccountStore,
  clock: Clock,
  ids: Ids,
): Promise<Authenticator> => {
  // An unknown account costs the same work as a wrong password.
  const nobody = await hash(ids.token())
  const throttle = new Throttle(clock, FAILURES_PER_MINUTE)
  return {
    async authenticate({ account, passwordMd5, userID, nickName, authCode, address }) {
      const keys = [`account ${account} ${address}`, `address ${address}`]
      if (!keys.every((k) => throttle.allows(k))) throw new ProtocolError('login.throttled')
      const record = await store.find(account)
      const right = await verify(record?.passwordHash ?? nobody, passwordMd5)
      if (!record || record.disabled || !right) {
        for (const k of keys) throttle.failed(k)
        throw new ProtocolError('login.refused')
      }
      if (!record.authUrl && authCode !== null) throw new ProtocolError('auth.unsupported')
      if (!record.authUrl) return
      if (authCode === null) throw new ProtocolError('auth.missing')
      await checkUser(record.authUrl, {
        authAcnt: account,
        userID,
        nickName,
        userAuthCode: authCode,
      })
    },
  }
}

/** Makes or updates the configured app account and opens the door. */
export const openAccounts = async (
  config: Config['appAccount'],
  dataDir: string,
  store: AccountStore,
  clock: Clock,
  ids: Ids,
): Promise<Accounts> => {
  const password = config.password ?? demoPassword(dataDir, ids)
  await keep(store, config.name, password, config.authUrl)
  return {
    name: config.name,
    password: config.password === null ? password : null,
    authenticator: await createAuthenticator(store, clock, ids),
  }
}

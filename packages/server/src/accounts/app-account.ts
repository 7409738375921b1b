import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Ids } from '../core/ids.ts'
import { StartError } from '../core/start-error.ts'
import type { AccountStore } from '../storage/port.ts'
import { hashPassword, isPassword, md5Hex } from './password.ts'

const FILE = 'demo-account.json'

/** The account that the configuration names. */
export interface AppAccountConfig {
  readonly name: string
  /** Null: made once and kept in the data directory. */
  readonly password: string | null
  readonly authUrl: string | null
}

/** The account that pages log in with, for the start message. */
export interface FirstAccount {
  readonly name: string
  /** Plain; only a generated one, the operator knows the other. */
  readonly generatedPassword: string | null
}

interface KeptAccount {
  readonly account: string
  readonly password: string
}

const parseKept = (text: string): KeptAccount | null => {
  try {
    const { account, password } = Object(JSON.parse(text)) as Record<string, unknown>
    return typeof account === 'string' && typeof password === 'string' && password !== ''
      ? { account, password }
      : null
  } catch {
    return null
  }
}

const readKept = async (file: string): Promise<KeptAccount | null> => {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (text === null) return null
  const kept = parseKept(text)
  if (kept) return kept
  throw new StartError(
    `The file ${file} cannot be read; delete it to get a new password for the demo account.`,
  )
}

/** Twelve letters are quick to type and out of reach of guessing at the rate that logins allow. */
const makePassword = (ids: Ids) => `${ids.slug()}-${ids.slug()}`

const keep = async (file: string, account: string, ids: Ids): Promise<KeptAccount> => {
  const made = { account, password: makePassword(ids) }
  await writeFile(file, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600, flag: 'wx' })
  return made
}

/** An account with a password of the operator replaces the generated one. */
const retire = async (accounts: AccountStore, name: string): Promise<void> => {
  const old = await accounts.find(name)
  if (old && !old.disabled) await accounts.upsert({ ...old, disabled: true })
}

/**
 * Makes the configured app account, or brings it to what the configuration says (spec 02 §3,
 * development default). To be called at every start, after storage is open.
 */
export const ensureAppAccount = async (deps: {
  readonly accounts: AccountStore
  readonly dataDir: string
  readonly config: AppAccountConfig
  readonly ids: Ids
}): Promise<FirstAccount> => {
  const { accounts, config, ids } = deps
  const file = path.join(deps.dataDir, FILE)
  const kept = await readKept(file)
  const generated = config.password === null ? (kept ?? (await keep(file, config.name, ids))) : null
  const name = generated?.account ?? config.name
  const md5 = md5Hex(generated?.password ?? config.password ?? '')
  const { authUrl } = config
  const known = await accounts.find(name)
  const same = known !== null && (await isPassword(known.passwordHash, md5))
  if (!same || known.authUrl !== authUrl || known.disabled) {
    const passwordHash = same ? known.passwordHash : await hashPassword(md5)
    await accounts.upsert({ name, passwordHash, authUrl, disabled: false })
  }
  if (kept && kept.account !== name) await retire(accounts, kept.account)
  return { name, generatedPassword: generated?.password ?? null }
}

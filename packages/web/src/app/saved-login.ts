import { hasTexts, inTab, onDevice, parseStored } from '../ui/settings.ts'

/** A login as it is remembered: never the plain password. */
export interface SavedLogin {
  readonly account: string
  /** The password's MD5, as it crosses the wire. */
  readonly digest: string
  readonly userID: string
  readonly nickName: string
}

const KEY = 'login'
const USERS = 'users'
const MOST_USERS = 20

const isLogin = (value: unknown): value is SavedLogin =>
  hasTexts(value, 'account', 'digest', 'userID', 'nickName')

/** This tab's login, else the one that stays on this device. */
export const readLogin = (): SavedLogin | null =>
  parseStored(inTab.read(KEY), isLogin) ?? parseStored(onDevice.read(KEY), isLogin)

/** `stay` keeps it on this device, otherwise it ends with the tab. */
export const keepLogin = (login: SavedLogin, stay: boolean): void => {
  const text = JSON.stringify(login)
  inTab.write(KEY, text)
  if (stay) onDevice.write(KEY, text)
  else onDevice.remove(KEY)
}

export const forgetLogin = (): void => {
  inTab.remove(KEY)
  onDevice.remove(KEY)
}

type Users = Record<string, string>
const isUsers = (value: unknown): value is Users =>
  typeof value === 'object' && value !== null && hasTexts(value, ...Object.keys(value))
const person = (account: string, name: string) => `${account}\n${name}`

/** The same person keeps the same user ID on this device, and so the rights over own meetings. */
export const knownUserID = (account: string, name: string): string =>
  parseStored(onDevice.read(USERS), isUsers)?.[person(account, name)] ?? ''

export const keepUserID = (account: string, name: string, userID: string): void => {
  const { [person(account, name)]: _, ...others } = parseStored(onDevice.read(USERS), isUsers) ?? {}
  const newest = Object.entries(others).slice(1 - MOST_USERS)
  const all = Object.fromEntries([...newest, [person(account, name), userID]])
  onDevice.write(USERS, JSON.stringify(all))
}

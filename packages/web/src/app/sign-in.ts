import { passwordDigest, YuntangError } from '@yuntang/sdk'
import { ref, shallowRef } from 'vue'
import { client, knownPasswords, lostLogin, nickName, userID } from '../session.ts'
import { onDevice, writeSetting } from '../ui/settings.ts'
import {
  forgetLogin,
  keepLogin,
  keepUserID,
  knownUserID,
  readLogin,
  type SavedLogin,
} from './saved-login.ts'

export interface SignIn {
  account: string
  password: string
  name: string
  /** Stay signed in on this device. */
  stay: boolean
}

const logIn = async (
  saved: Omit<SavedLogin, 'userID'> & { userID?: string },
  signal?: AbortSignal,
) => {
  const { account, digest, nickName: name } = saved
  const who = saved.userID ? { userID: saved.userID } : {}
  const cancel = signal ? { signal } : {}
  const login = await client.login({ account, password: digest, nickName: name, ...who }, cancel)
  userID.value = login.userID
  nickName.value = name
  lostLogin.value = null
  return login.userID
}

export const signIn = async (given: SignIn, signal: AbortSignal): Promise<void> => {
  const account = given.account.trim()
  const name = given.name.trim()
  const login = { account, digest: passwordDigest(given.password), nickName: name }
  const who = await logIn({ ...login, userID: knownUserID(account, name) }, signal)
  keepLogin({ ...login, userID: who }, given.stay)
  keepUserID(account, name, who)
  writeSetting('account', account)
  writeSetting('name', name)
  writeSetting('stay', given.stay ? '1' : '')
}

export const signOut = (): void => {
  client.logout()
  knownPasswords.clear()
  userID.value = null
  lostLogin.value = null
  forgetLogin()
}

const isRefusal = (error: unknown) =>
  error instanceof YuntangError && /^(login\.refused|auth\.|param\.)/.test(error.code)

/** Logs in with what is remembered; false without it, or when the server does not take it any more. */
export const resumeLogin = async (): Promise<boolean> => {
  if (client.userID !== null) return true
  const saved = readLogin()
  if (!saved) return false
  try {
    await logIn(saved)
    return true
  } catch (error) {
    if (!isRefusal(error)) throw error
    forgetLogin()
    return false
  }
}

export const staysSignedIn = (): boolean => onDevice.read('stay') === '1'

/** What the page shows before its first route: it knows soon who is in front of it. */
export const starting = ref<'busy' | 'failed' | 'done'>('busy')
export const startFailure = shallowRef<unknown>(null)
let settle: () => void = () => {}
const started = new Promise<void>((resolve) => {
  settle = resolve
})

/** Tries the remembered login; may be tried again after a failure. */
export const start = async (): Promise<void> => {
  starting.value = 'busy'
  try {
    await resumeLogin()
    starting.value = 'done'
    settle()
  } catch (error) {
    startFailure.value = error
    starting.value = 'failed'
  }
}

/** Gives the remembered login up: the person signs in anew. */
export const startOver = (): void => {
  forgetLogin()
  starting.value = 'done'
  settle()
}

let begun = false
/** Resolves once it is known who is in front of the page. */
export const whenStarted = (): Promise<void> => {
  if (!begun) void start()
  begun = true
  return started
}

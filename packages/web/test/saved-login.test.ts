import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  forgetLogin,
  keepLogin,
  keepUserID,
  knownUserID,
  readLogin,
} from '../src/app/saved-login.ts'

const storage = () => {
  const kept = new Map<string, string>()
  return {
    kept,
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  }
}
let device: ReturnType<typeof storage>
let tab: ReturnType<typeof storage>
const newTab = () => {
  tab = storage()
  vi.stubGlobal('sessionStorage', tab)
}
beforeEach(() => {
  device = storage()
  vi.stubGlobal('localStorage', device)
  newTab()
})
afterEach(() => vi.unstubAllGlobals())

const login = { account: 'demo', digest: 'd'.repeat(32), userID: 'u1', nickName: 'Ann' }

describe('a remembered login', () => {
  it('ends with the tab', () => {
    keepLogin(login, false)
    expect(readLogin()).toEqual(login)
    newTab()
    expect(readLogin()).toBeNull()
  })

  it('stays on the device when wanted, until it is forgotten or a later one does not stay', () => {
    keepLogin(login, true)
    newTab()
    expect(readLogin()).toEqual(login)
    keepLogin(login, false)
    newTab()
    expect(readLogin()).toBeNull()
    keepLogin(login, true)
    forgetLogin()
    expect(readLogin()).toBeNull()
  })

  it.each(['', 'null', '{', '[]', '{"account":"a"}', '{"account":1,"digest":2}'])(
    'what somebody else wrote there is no login: %j',
    (text) => {
      tab.kept.set('yuntang.login', text)
      expect(readLogin()).toBeNull()
    },
  )

  it('a browser that forbids storage remembers nothing and does not fail', () => {
    vi.stubGlobal('sessionStorage', undefined)
    vi.stubGlobal('localStorage', undefined)
    keepLogin(login, true)
    expect(readLogin()).toBeNull()
    expect(knownUserID('demo', 'Ann')).toBe('')
  })
})

describe('the same person keeps the same user ID on a device', () => {
  it('by account and name', () => {
    keepUserID('demo', 'Ann', 'u1')
    keepUserID('demo', 'Bob', 'u2')
    keepUserID('other', 'Ann', 'u3')
    expect(['Ann', 'Bob', 'Eve'].map((name) => knownUserID('demo', name))).toEqual(['u1', 'u2', ''])
  })

  it('only the newest are kept', () => {
    for (let i = 0; i < 50; i++) keepUserID('demo', `P${i}`, `u${i}`)
    expect(knownUserID('demo', 'P0')).toBe('')
    expect(knownUserID('demo', 'P49')).toBe('u49')
    expect(knownUserID('demo', 'P30')).toBe('u30')
  })
})

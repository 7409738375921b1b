import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type AccountAuthenticator, createAuthenticator } from '../../src/accounts/authenticator.ts'
import { createPasswordCheck, hashPassword, md5Hex } from '../../src/accounts/password.ts'
import { createFakeClock, type FakeClock } from '../../src/core/clock.ts'
import { createSeededIds } from '../../src/core/ids.ts'
import { silentLog } from '../../src/core/log.ts'
import { createMemoryAccounts } from '../support/memory-accounts.ts'

const MD5 = md5Hex('geheim')
let passwordHash = ''
let clock: FakeClock
let door: AccountAuthenticator

beforeAll(async () => {
  passwordHash = await hashPassword(MD5)
})
beforeEach(async () => {
  clock = createFakeClock()
  const shop = { name: 'shop', passwordHash, authUrl: null, disabled: false }
  door = await createAuthenticator({
    accounts: createMemoryAccounts(
      shop,
      { ...shop, name: 'closed', disabled: true },
      { ...shop, name: 'checked', authUrl: 'https://checked.invalid/' },
    ),
    clock,
    ids: createSeededIds(1),
    log: silentLog,
  })
})

const logIn = (over: Partial<Parameters<AccountAuthenticator['authenticate']>[0]> = {}) =>
  door
    .authenticate({
      account: 'shop',
      passwordMd5: MD5,
      userID: 'u',
      nickName: 'n',
      authCode: null,
      address: '192.0.2.1',
      ...over,
    })
    .then(
      () => 'in',
      (error: { code?: string }) => error.code,
    )
const WRONG = { passwordMd5: md5Hex('falsch') }

describe('passwords', () => {
  it('what is stored is argon2id of the MD5, not the MD5 and not the password', () => {
    expect(MD5).toBe('e8636ea013e682faf61f56ce1cb1ab5c')
    expect(passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    expect(passwordHash).not.toContain(MD5)
  })

  it('02 §3: the MD5 is compared without regard to case', async () => {
    expect(await logIn({ passwordMd5: MD5.toUpperCase() })).toBe('in')
  })

  it('a remembered password opens nothing but its own hash', async () => {
    const check = await createPasswordCheck('secret')
    const other = await hashPassword(md5Hex('anders'))
    expect(await check.verify(passwordHash, MD5)).toBe(true)
    expect(await check.verify(passwordHash, MD5)).toBe(true)
    expect(await check.verify(passwordHash, WRONG.passwordMd5)).toBe(false)
    expect(await check.verify(other, MD5)).toBe(false)
    expect(await check.verify(null, MD5)).toBe(false)
  })

  it('an unknown account takes as long as a wrong password', async () => {
    const time = async (account: string) => {
      const from = performance.now()
      await door.verify(account, WRONG.passwordMd5)
      return performance.now() - from
    }
    // Taken in turns, so that other load on the machine meets both; the fastest is the work itself.
    let [unknown, wrong] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
    for (let i = 0; i < 10; i++) {
      unknown = Math.min(unknown, await time('nobody'))
      wrong = Math.min(wrong, await time('shop'))
    }
    expect(unknown / wrong).toBeGreaterThan(0.4)
    expect(unknown / wrong).toBeLessThan(2.5)
  })
})

describe('login', () => {
  it('02 §3: 7 for an unknown account, a wrong password and a disabled account alike', async () => {
    expect(await logIn()).toBe('in')
    expect(await logIn({ account: 'nobody' })).toBe('login.refused')
    expect(await logIn(WRONG)).toBe('login.refused')
    expect(await logIn({ account: 'closed' })).toBe('login.refused')
  })

  it('02 §3: 15 for an auth code that the account does not take, 14 for one that is missing', async () => {
    expect(await logIn({ authCode: 'code' })).toBe('auth.unsupported')
    expect(await logIn({ account: 'checked' })).toBe('auth.missing')
  })

  it('02 §3: the password is judged before the auth code', async () => {
    expect(await logIn({ ...WRONG, authCode: 'code' })).toBe('login.refused')
    expect(await logIn({ ...WRONG, account: 'checked' })).toBe('login.refused')
  })

  it('20 failures a minute from one address: then even the right password waits; others do not', async () => {
    for (let i = 0; i < 20; i++) expect(await logIn(WRONG)).toBe('login.refused')
    expect(await logIn(WRONG)).toBe('login.throttled')
    expect(await logIn()).toBe('login.throttled')
    expect(await logIn({ address: '192.0.2.2' })).toBe('in')
    clock.advance(60_000)
    expect(await logIn()).toBe('in')
  })

  it('guesses made all at once are counted before they are answered', async () => {
    const results = await Promise.all(Array.from({ length: 30 }, () => logIn(WRONG)))
    expect(results.filter((r) => r === 'login.refused')).toHaveLength(20)
    expect(results.filter((r) => r === 'login.throttled')).toHaveLength(10)
  })

  it('successes are never throttled, one by one or an office of them at once', async () => {
    for (let i = 0; i < 60; i++) expect(await logIn()).toBe('in')
    const office = Array.from({ length: 60 }, (_, i) => logIn({ userID: `u${i}` }))
    expect(new Set(await Promise.all(office))).toEqual(new Set(['in']))
    // Nineteen wrong ones among them leave room for one right one at a time.
    const mixed = await Promise.all(
      Array.from({ length: 40 }, (_, i) => logIn(i < 19 ? WRONG : {})),
    )
    expect(mixed.slice(19).every((result) => result === 'in')).toBe(true)
  })

  it('02 §3: auth codes that the user check refuses are guesses, too; what it cannot judge is none', async () => {
    let code = 1
    const check = createServer((_request, response) => response.end(JSON.stringify({ code })))
    await new Promise<void>((listening) => check.listen(0, '127.0.0.1', listening))
    const authUrl = `http://127.0.0.1:${(check.address() as AddressInfo).port}/`
    const shop = { name: 'shop', passwordHash, authUrl, disabled: false }
    door = await createAuthenticator({
      accounts: createMemoryAccounts(shop),
      clock,
      ids: createSeededIds(1),
      log: silentLog,
    })
    const guesses = await Promise.all(
      Array.from({ length: 30 }, (_, i) => logIn({ authCode: `${i}` })),
    )
    expect(guesses.filter((result) => result === 'auth.refused')).toHaveLength(20)
    expect(guesses.filter((result) => result === 'login.throttled')).toHaveLength(10)
    code = 0
    expect(await logIn({ authCode: 'right' })).toBe('login.throttled')
    clock.advance(60_000)
    check.close()
    check.closeAllConnections()
    for (let i = 0; i < 25; i++) expect(await logIn({ authCode: 'x' })).toBe('auth.unreachable')
  })

  it('guesses from many addresses are throttled by the account, and other accounts are not', async () => {
    const guess = (i: number) => logIn({ ...WRONG, address: `192.0.${i >> 4}.${i}` })
    const results = await Promise.all(Array.from({ length: 201 }, (_, i) => guess(i)))
    expect(results.filter((r) => r === 'login.throttled')).toHaveLength(1)
    expect(await logIn({ address: '198.51.100.1' })).toBe('login.throttled')
    expect(await logIn({ address: '198.51.100.1', account: 'checked' })).toBe('auth.missing')
  }, 60_000)
})

import { readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { AppAccountConfig } from '../../src/accounts/app-account.ts'
import { openAccounts } from '../../src/accounts/open.ts'
import { md5Hex } from '../../src/accounts/password.ts'
import { createFakeClock } from '../../src/core/clock.ts'
import { createSeededIds } from '../../src/core/ids.ts'
import { StartError } from '../../src/core/start-error.ts'
import type { AccountStore } from '../../src/storage/port.ts'
import { createMemoryAccounts } from '../support/memory-accounts.ts'
import { tempDir } from '../support/temp-dir.ts'

let temp: ReturnType<typeof tempDir>
let accounts: AccountStore
beforeEach(() => {
  temp = tempDir()
  accounts = createMemoryAccounts()
})
afterEach(() => temp.remove())

const DEMO = { name: 'demo', password: null, authUrl: null }
const open = (config: AppAccountConfig, seed = 1) =>
  openAccounts(config, temp.dir, accounts, createFakeClock(), createSeededIds(seed))
const opens = async (config: AppAccountConfig, name: string, password: string) => {
  const { authenticator } = await open(config)
  return (await authenticator.verify(name, md5Hex(password))) !== null
}

it('02 §3: without configuration there is one account demo, its password generated once and kept', async () => {
  const first = await open(DEMO, 1)
  expect(first.name).toBe('demo')
  expect(first.password).toMatch(/^[a-z]{6}-[a-z]{6}$/)
  const second = await open(DEMO, 2)
  expect(second.password).toBe(first.password)
  expect(await opens(DEMO, 'demo', first.password ?? '')).toBe(true)
  const file = path.join(temp.dir, 'demo-account.json')
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
    account: 'demo',
    password: first.password,
  })
  expect(statSync(file).mode & 0o777).toBe(0o600)
})

it('02 §3: account and password of the configuration are used and not given back for printing', async () => {
  const config = { name: 'shop', password: 'geheim', authUrl: 'https://shop.example/c' }
  const { name, password } = await open(config)
  expect({ name, password }).toEqual({ name: 'shop', password: null })
  expect(await opens(config, 'shop', 'geheim')).toBe(true)
  expect(await accounts.find('shop')).toMatchObject({ authUrl: config.authUrl, disabled: false })
  expect(await accounts.find('demo')).toBeNull()
})

it('a changed password takes effect at the next start, the old one is refused', async () => {
  const config = { name: 'shop', password: 'old', authUrl: null }
  await open(config)
  expect(await opens({ ...config, password: 'new' }, 'shop', 'old')).toBe(false)
  expect(await opens({ ...config, password: 'new' }, 'shop', 'new')).toBe(true)
})

it('a start that changes nothing leaves the stored hash as it is', async () => {
  const config = { name: 'shop', password: 'same', authUrl: null }
  await open(config)
  const before = await accounts.find('shop')
  await open(config)
  expect(await accounts.find('shop')).toEqual(before)
})

it('with an account of the operator the generated one is closed; without, it opens again', async () => {
  const { password } = await open(DEMO)
  const shop = { name: 'shop', password: 'geheim', authUrl: null }
  expect(await opens(shop, 'demo', password ?? '')).toBe(false)
  expect(await opens(DEMO, 'demo', password ?? '')).toBe(true)
})

it('a password of the operator for demo replaces the generated one', async () => {
  const { password } = await open(DEMO)
  const own = { ...DEMO, password: 'mine' }
  expect(await opens(own, 'demo', password ?? '')).toBe(false)
  expect(await opens(own, 'demo', 'mine')).toBe(true)
})

it.each(['rubbish', '{}', '{"account":"demo","password":""}', 'null'])(
  'a kept account that reads %s is one sentence, and is not overwritten',
  async (text) => {
    const file = path.join(temp.dir, 'demo-account.json')
    writeFileSync(file, text)
    const failure = await open(DEMO).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(StartError)
    expect(readFileSync(file, 'utf8')).toBe(text)
  },
)

import { expect, it } from 'vitest'
import type { Given } from './given.ts'

/** App accounts. */
export const accountsContract = (given: Given): void => {
  it('00 §11: an app account is kept with its hash, user check and flag', async () => {
    const { storage, account } = given()
    const first = { name: account, passwordHash: '$argon2id$x', authUrl: null, disabled: false }
    await storage.accounts.upsert(first)
    expect(await storage.accounts.find(account)).toEqual(first)
    const second = { ...first, passwordHash: 'y', authUrl: 'https://a.example/', disabled: true }
    await storage.accounts.upsert(second)
    expect(await storage.accounts.find(account)).toEqual(second)
    expect((await storage.accounts.list()).filter((a) => a.name === account)).toEqual([second])
  })

  it('accounts: an unknown name is null, also one with U+0000', async () => {
    const { storage } = given()
    expect(await storage.accounts.find('nobody')).toBeNull()
    expect(await storage.accounts.find('a\u0000b')).toBeNull()
    expect(await storage.accounts.find("' or 1=1 --")).toBeNull()
  })
}

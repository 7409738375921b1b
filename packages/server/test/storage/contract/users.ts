import { expect, it } from 'vitest'
import { type Given, meeting } from './given.ts'

/** Known users. */
export const usersContract = (given: Given): void => {
  it('a subject or nickname with U+0000 is kept without it', async () => {
    const { storage, account } = given()
    const one = meeting(account, { subject: 'a\u0000b' })
    await storage.meetings.create(one)
    expect((await storage.meetings.find(one.id))?.subject).toBe('ab')
    await storage.users.remember(account, 'u', 'c\u0000d', 1)
    expect((await storage.users.find(account, 'u'))?.nickName).toBe('cd')
  })

  it('02 §3: of many logins at the same moment each is kept, of one user the last', async () => {
    const { storage, account } = given()
    const all = Array.from({ length: 60 }, (_, i) =>
      storage.users.remember(account, `u${i % 50}`, `n${i}`, i),
    )
    await Promise.all(all)
    expect((await storage.users.find(account, 'u9'))?.nickName).toBe('n59')
    expect((await storage.users.find(account, 'u49'))?.lastSeen).toBe(49)
  })

  it('02 §3: a known user keeps the last nickname; user IDs are exact and per account', async () => {
    const { storage, account } = given()
    await storage.users.remember(account, '007', '', 1)
    await storage.users.remember(account, '007', '邦德', 2)
    expect(await storage.users.find(account, '007')).toEqual({
      account,
      userID: '007',
      nickName: '邦德',
      lastSeen: 2,
    })
    expect(await storage.users.find(account, '7')).toBeNull()
    expect(await storage.users.find(`${account}-other`, '007')).toBeNull()
    await storage.users.remember(account, 'Anna', '', 3)
    expect(await storage.users.find(account, 'anna')).toBeNull()
  })
}

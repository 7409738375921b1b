import { expect, it } from 'vitest'
import type { Given } from './given.ts'

/** Sessions of pages. */
export const sessionsContract = (given: Given): void => {
  it('sessions: the last saving of a page counts; a forgotten page is gone', async () => {
    const { storage, account } = given()
    const name = (n: number) => `${account}-hash-${n}`
    const page = (n: number, data: string) => ({ tokenHash: name(n), savedAt: n, data })
    const mine = async () =>
      (await storage.sessions.all()).filter((s) => s.tokenHash.startsWith(account))
    await storage.sessions.save([page(2, 'b'), page(1, 'a')], [])
    expect(await mine()).toEqual([page(1, 'a'), page(2, 'b')])
    await storage.sessions.save([{ ...page(1, '{"x":"\\u0000"}'), savedAt: 3 }], [name(2)])
    expect(await mine()).toEqual([{ ...page(1, '{"x":"\\u0000"}'), savedAt: 3 }])
    await storage.sessions.save([], [name(1), name(2), name(9)])
    expect(await mine()).toEqual([])
    await storage.sessions.save([], [])
  })

  it('sessions: thousands are saved and forgotten in one call', async () => {
    const { storage, account } = given()
    const many = Array.from({ length: 2_500 }, (_, n) => ({
      tokenHash: `${account}-many-${n}`,
      savedAt: n,
      data: '{}',
    }))
    await storage.sessions.save(many, [])
    const count = async () =>
      (await storage.sessions.all()).filter((s) => s.tokenHash.startsWith(`${account}-many`)).length
    expect(await count()).toBe(2_500)
    await storage.sessions.save(
      [],
      many.map((s) => s.tokenHash),
    )
    expect(await count()).toBe(0)
  })
}

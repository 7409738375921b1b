import { expect, it } from 'vitest'
import { MeetingConflict } from '../../../src/storage/port.ts'
import { type Given, meeting } from './given.ts'

/** Meetings. */
export const meetingsContract = (given: Given): void => {
  it('03 §1: a meeting comes back with every property, by id and by slug', async () => {
    const { storage, account } = given()
    const one = meeting(account)
    const two = meeting(account, { password: '', subject: '', emptySince: null })
    await storage.meetings.create(one)
    await storage.meetings.create(two)
    expect(await storage.meetings.find(one.id)).toEqual(one)
    expect(await storage.meetings.findBySlug(two.slug)).toEqual(two)
    expect(await storage.meetings.count(account)).toBe(2)
    expect(await storage.meetings.count(`${account} and no other`)).toBe(0)
  })

  it('meetings: unknown ids and slugs are null, also beyond 32 bits', async () => {
    const { storage } = given()
    expect(await storage.meetings.find(99_999_999)).toBeNull()
    expect(await storage.meetings.find(Number.MAX_SAFE_INTEGER)).toBeNull()
    expect(await storage.meetings.findBySlug('a\u0000b')).toBeNull()
  })

  it('00 §7: a meeting ID in use is refused, and so is a slug; the first meeting stays', async () => {
    const { storage, account } = given()
    const one = meeting(account)
    await storage.meetings.create(one)
    const sameID = storage.meetings.create(meeting(account, { id: one.id, subject: 'other' }))
    await expect(sameID).rejects.toMatchObject({ name: 'MeetingConflict', field: 'id' })
    const sameSlug = storage.meetings.create(meeting(account, { slug: one.slug }))
    await expect(sameSlug).rejects.toMatchObject({ name: 'MeetingConflict', field: 'slug' })
    await expect(storage.meetings.create(one)).rejects.toBeInstanceOf(MeetingConflict)
    expect(await storage.meetings.list(account)).toEqual([one])
  })

  it('00 §7: of two simultaneous creations with one ID exactly one wins', async () => {
    const { storage, account } = given()
    const { id } = meeting(account)
    const results = await Promise.allSettled(
      ['a', 'b', 'c'].map((subject) => storage.meetings.create(meeting(account, { id, subject }))),
    )
    expect(results.filter((r) => r.status === 'fulfilled')).toHaveLength(1)
  })

  it('03 §1: meetings are listed to their own account only, newest first', async () => {
    const { storage, account } = given()
    const other = `${account}-other`
    const old = meeting(account, { createdAt: 1000 })
    const young = meeting(account, { createdAt: 3000 })
    const middle = meeting(account, { createdAt: 2000 })
    const foreign = meeting(other, { createdAt: 2500 })
    for (const m of [old, young, middle, foreign]) await storage.meetings.create(m)
    expect(await storage.meetings.list(account)).toEqual([young, middle, old])
    expect(await storage.meetings.list(other)).toEqual([foreign])
    const mine = (await storage.meetings.all()).filter((m) => m.account.startsWith(account))
    expect(mine).toEqual([young, foreign, middle, old])
  })

  it('03 §1: emptiness is set and cleared, and nothing happens to a meeting that is gone', async () => {
    const { storage, account } = given()
    const one = meeting(account)
    await storage.meetings.create(one)
    await storage.meetings.setEmptySince(one.id, null)
    expect((await storage.meetings.find(one.id))?.emptySince).toBeNull()
    await storage.meetings.setEmptySince(one.id, 5)
    expect((await storage.meetings.find(one.id))?.emptySince).toBe(5)
    await storage.meetings.setEmptySince(98_999_999, 5)
    expect(await storage.meetings.find(98_999_999)).toBeNull()
  })

  it('00 §7: a destroyed meeting is gone and its ID and slug are free', async () => {
    const { storage, account } = given()
    const one = meeting(account)
    await storage.meetings.create(one)
    expect(await storage.meetings.destroy(one.id)).toBe(true)
    expect(await storage.meetings.destroy(one.id)).toBe(false)
    expect(await storage.meetings.find(one.id)).toBeNull()
    await storage.meetings.create(one)
    expect(await storage.meetings.find(one.id)).toEqual(one)
  })

  it('a request key makes one meeting of its creator, however often it is sent', async () => {
    const { storage, account } = given()
    const one = meeting(account, { requestKey: 'key-1' })
    await storage.meetings.create(one)
    const again = storage.meetings.create(meeting(account, { requestKey: 'key-1' }))
    await expect(again).rejects.toMatchObject({ field: 'requestKey' })
    await storage.meetings.create(meeting(account, { requestKey: 'key-1', creator: 'other' }))
    await storage.meetings.create(meeting(account))
    await storage.meetings.create(meeting(account))
    expect(await storage.meetings.findByRequest(account, one.creator, 'key-1')).toEqual(one)
    expect(await storage.meetings.findByRequest(account, one.creator, 'key-2')).toBeNull()
  })
}

import { expect, it } from 'vitest'
import type { Given } from './given.ts'

/** Queues. */
export const queuesContract = (given: Given): void => {
  const settings = {
    name: '售后 1',
    desc: 'd',
    priority: 3,
    maxWaiting: 7,
    maxWaitMs: 60_000,
    agents: ['Müller, 1', '{}"'],
    global: false,
  }

  it('05 §9: a queue comes back with every property and a number of its own', async () => {
    const { storage, account } = given()
    const one = await storage.queues.create(account, settings, 5)
    const open = { ...settings, name: 'open', agents: null, global: true }
    const two = await storage.queues.create(account, open, 6)
    expect(one).toEqual({ ...settings, id: one.id, account, createdAt: 5, updatedAt: 5 })
    expect(two.id).toBeGreaterThan(one.id)
    const mine = (await storage.queues.all()).filter((q) => q.account === account)
    expect(mine).toEqual([one, { ...open, id: two.id, account, createdAt: 6, updatedAt: 6 }])
  })

  it('05 §9: a name is unique in its account only, also when changed', async () => {
    const { storage, account } = given()
    const one = await storage.queues.create(account, settings, 5)
    const again = storage.queues.create(account, settings, 5)
    await expect(again).rejects.toMatchObject({ name: 'QueueConflict' })
    await storage.queues.create(`${account}-other`, settings, 5)
    const two = await storage.queues.create(account, { ...settings, name: 'b' }, 5)
    await expect(storage.queues.update(two.id, settings, 6)).rejects.toMatchObject({
      name: 'QueueConflict',
    })
    const changed = { ...settings, priority: 1, agents: [] }
    expect(await storage.queues.update(one.id, changed, 9)).toEqual({
      ...changed,
      id: one.id,
      account,
      createdAt: 5,
      updatedAt: 9,
    })
    expect(await storage.queues.update(1_000_000_000, settings, 6)).toBeNull()
  })

  it('00 §7: a deleted queue is gone and its number is never used again', async () => {
    const { storage, account } = given()
    const one = await storage.queues.create(account, settings, 5)
    expect(await storage.queues.delete(one.id)).toBe(true)
    expect(await storage.queues.delete(one.id)).toBe(false)
    const two = await storage.queues.create(account, settings, 5)
    expect(two.id).toBeGreaterThan(one.id)
  })

  it('05 §9: the first queues of an account are made once, also after all were deleted', async () => {
    const { storage, account } = given()
    const names = async () =>
      (await storage.queues.all()).filter((q) => q.account === account).map((q) => q.name)
    await storage.queues.seed(account, [settings, { ...settings, name: 'b' }], 5)
    expect(await names()).toEqual(['售后 1', 'b'])
    for (const q of await storage.queues.all())
      if (q.account === account) await storage.queues.delete(q.id)
    await storage.queues.seed(account, [settings], 5)
    expect(await names()).toEqual([])
  })
}

import { FIRST_PAGES, type PagesState } from '@yuntang/protocol'
import { expect, it } from 'vitest'
import type { ImRecord } from '../../../src/storage/port.ts'
import { type Given, meeting } from './given.ts'

/** What was said, and what all look at. */
export const messagesAndPagesContract = (given: Given): void => {
  const saying = (id: number, seq: number, over: Partial<ImRecord> = {}): ImRecord => ({
    meeting: id,
    seq,
    from: 'u',
    to: '',
    fromName: 'Ann',
    toName: '',
    text: `№ ${seq}`,
    at: 1000 + seq,
    key: `key-${seq}`,
    ...over,
  })
  const EVERYTHING = { userID: 'u', privateSince: 0 }

  it('11 §1: messages come back in order, from both ends, with any characters', async () => {
    const { storage, account } = given()
    const m = meeting(account)
    await storage.meetings.create(m)
    const odd = saying(m.id, 2, { toName: '采', text: 'NUL \u0000, half \ud83d, 😀, "\\' })
    expect(await storage.im.append([])).toEqual(new Set())
    expect(await storage.im.append([saying(m.id, 1), odd])).toEqual(new Set([1, 2]))
    await storage.im.append([saying(m.id, 3)])
    expect(await storage.im.after(m.id, EVERYTHING, 1, 9)).toEqual([odd, saying(m.id, 3)])
    expect(await storage.im.after(m.id, EVERYTHING, 0, 1)).toEqual([saying(m.id, 1)])
    expect(await storage.im.before(m.id, EVERYTHING, 3, 1)).toEqual([odd])
    expect((await storage.im.lasts()).get(m.id)).toBe(3)
    await storage.im.trim(m.id, 2)
    expect(await storage.im.before(m.id, EVERYTHING, 9, 9)).toEqual([saying(m.id, 3)])
  })

  it('11 §1: a message is kept once per key of its sender', async () => {
    const { storage, account } = given()
    const m = meeting(account)
    await storage.meetings.create(m)
    const first = saying(m.id, 1, { key: 'same' })
    await storage.im.append([first])
    const again = [saying(m.id, 2, { key: 'same' }), saying(m.id, 3, { key: 'same', from: 'v' })]
    expect(await storage.im.append(again)).toEqual(new Set([3]))
    expect(await storage.im.findByKey(m.id, 'u', 'same')).toEqual(first)
    expect(await storage.im.findByKey(m.id, 'u', 'other')).toBeNull()
  })

  it('11 §1: private messages are for their two ends, and only from a time on', async () => {
    const { storage, account } = given()
    const m = meeting(account)
    await storage.meetings.create(m)
    await storage.im.append([
      saying(m.id, 1, { to: 'v' }),
      saying(m.id, 2, { from: 'v', to: 'u' }),
      saying(m.id, 3),
    ])
    const seen = async (userID: string, privateSince = 0) =>
      (await storage.im.after(m.id, { userID, privateSince }, 0, 9)).map(({ seq }) => seq)
    expect(await seen('u')).toEqual([1, 2, 3])
    expect(await seen('v')).toEqual([1, 2, 3])
    expect(await seen('w')).toEqual([3])
    expect(await seen('', 0)).toEqual([3])
    expect(await seen('u', 1002)).toEqual([2, 3])
  })

  it('11 §2–4: pages are replaced; with the meeting everything said and seen is gone', async () => {
    const { storage, account } = given()
    const m = meeting(account)
    const state: PagesState = { ...FIRST_PAGES, main: 2, sub: 'b', by: 'u', wall: -5, wallBy: 'v' }
    await expect(storage.pages.save(m.id, state)).rejects.toThrow()
    await expect(storage.im.append([saying(m.id, 1)])).rejects.toThrow()
    await storage.meetings.create(m)
    await storage.pages.save(m.id, { ...state, wall: 9, mainVideo: 'x' })
    await storage.pages.save(m.id, state)
    await storage.im.append([saying(m.id, 1)])
    expect((await storage.pages.all()).get(m.id)).toEqual(state)
    await storage.meetings.destroy(m.id)
    expect((await storage.pages.all()).has(m.id)).toBe(false)
    expect((await storage.im.lasts()).has(m.id)).toBe(false)
    expect(await storage.im.after(m.id, EVERYTHING, 0, 9)).toEqual([])
  })
}

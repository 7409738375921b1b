import { FIRST_PAGES, type PagesState } from '@yuntang/protocol'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  type ImRecord,
  MeetingConflict,
  type MeetingRecord,
  type NetFileRecord,
  type Storage,
  type StoredBoard,
} from '../../src/storage/port.ts'

let serial = 0

/** A meeting unlike any other of the run; all suites share one storage. */
const meeting = (account: string, over: Partial<MeetingRecord> = {}): MeetingRecord => {
  serial++
  return {
    id: 10_000_000 + serial,
    account,
    subject: '周会 ✅',
    password: '012345',
    creator: 'Müller, 1',
    slug: `slug${serial}`,
    createdAt: 1_700_000_000_000,
    emptySince: 1_700_000_000_001,
    requestKey: null,
    ...over,
  }
}

/** What every storage does; run on each adapter. */
export const storageContract = (name: string, open: () => Promise<Storage>) =>
  describe(`storage contract on ${name}`, () => {
    let storage: Storage
    let account = ''
    beforeAll(async () => {
      storage = await open()
    }, 60_000)
    beforeEach(() => {
      account = `tenant-${++serial}`
    })
    afterAll(async () => {
      await storage.close()
      await storage.close()
    })

    it('00 §11: an app account is kept with its hash, user check and flag', async () => {
      const first = { name: account, passwordHash: '$argon2id$x', authUrl: null, disabled: false }
      await storage.accounts.upsert(first)
      expect(await storage.accounts.find(account)).toEqual(first)
      const second = { ...first, passwordHash: 'y', authUrl: 'https://a.example/', disabled: true }
      await storage.accounts.upsert(second)
      expect(await storage.accounts.find(account)).toEqual(second)
      expect((await storage.accounts.list()).filter((a) => a.name === account)).toEqual([second])
    })

    it('accounts: an unknown name is null, also one with U+0000', async () => {
      expect(await storage.accounts.find('nobody')).toBeNull()
      expect(await storage.accounts.find('a\u0000b')).toBeNull()
      expect(await storage.accounts.find("' or 1=1 --")).toBeNull()
    })

    it('03 §1: a meeting comes back with every property, by id and by slug', async () => {
      const one = meeting(account)
      const two = meeting(account, { password: '', subject: '', emptySince: null })
      await storage.meetings.create(one)
      await storage.meetings.create(two)
      expect(await storage.meetings.find(one.id)).toEqual(one)
      expect(await storage.meetings.findBySlug(two.slug)).toEqual(two)
    })

    it('meetings: unknown ids and slugs are null, also beyond 32 bits', async () => {
      expect(await storage.meetings.find(99_999_999)).toBeNull()
      expect(await storage.meetings.find(Number.MAX_SAFE_INTEGER)).toBeNull()
      expect(await storage.meetings.findBySlug('a\u0000b')).toBeNull()
    })

    it('00 §7: a meeting ID in use is refused, and so is a slug; the first meeting stays', async () => {
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
      const { id } = meeting(account)
      const results = await Promise.allSettled(
        ['a', 'b', 'c'].map((subject) =>
          storage.meetings.create(meeting(account, { id, subject })),
        ),
      )
      expect(results.filter((r) => r.status === 'fulfilled')).toHaveLength(1)
    })

    it('03 §1: meetings are listed to their own account only, newest first', async () => {
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
      const one = meeting(account)
      await storage.meetings.create(one)
      expect(await storage.meetings.destroy(one.id)).toBe(true)
      expect(await storage.meetings.destroy(one.id)).toBe(false)
      expect(await storage.meetings.find(one.id)).toBeNull()
      await storage.meetings.create(one)
      expect(await storage.meetings.find(one.id)).toEqual(one)
    })

    it('a request key makes one meeting of its creator, however often it is sent', async () => {
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

    it('sessions: the last saving of a page counts; a forgotten page is gone', async () => {
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
      const many = Array.from({ length: 2_500 }, (_, n) => ({
        tokenHash: `${account}-many-${n}`,
        savedAt: n,
        data: '{}',
      }))
      await storage.sessions.save(many, [])
      const count = async () =>
        (await storage.sessions.all()).filter((s) => s.tokenHash.startsWith(`${account}-many`))
          .length
      expect(await count()).toBe(2_500)
      await storage.sessions.save(
        [],
        many.map((s) => s.tokenHash),
      )
      expect(await count()).toBe(0)
    })

    const settings = {
      name: '售后 1',
      desc: 'd',
      priority: 3,
      maxWaiting: 7,
      maxWaitMs: 60_000,
      agents: ['Müller, 1', '{}"'],
    }

    it('05 §9: a queue comes back with every property and a number of its own', async () => {
      const one = await storage.queues.create(account, settings, 5)
      const open = { ...settings, name: 'open', agents: null }
      const two = await storage.queues.create(account, open, 6)
      expect(one).toEqual({ ...settings, id: one.id, account, createdAt: 5, updatedAt: 5 })
      expect(two.id).toBeGreaterThan(one.id)
      const mine = (await storage.queues.all()).filter((q) => q.account === account)
      expect(mine).toEqual([one, { ...open, id: two.id, account, createdAt: 6, updatedAt: 6 }])
    })

    it('05 §9: a name is unique in its account only, also when changed', async () => {
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
      const one = await storage.queues.create(account, settings, 5)
      expect(await storage.queues.delete(one.id)).toBe(true)
      expect(await storage.queues.delete(one.id)).toBe(false)
      const two = await storage.queues.create(account, settings, 5)
      expect(two.id).toBeGreaterThan(one.id)
    })

    it('05 §9: the first queues of an account are made once, also after all were deleted', async () => {
      const names = async () =>
        (await storage.queues.all()).filter((q) => q.account === account).map((q) => q.name)
      await storage.queues.seed(account, [settings, { ...settings, name: 'b' }], 5)
      expect(await names()).toEqual(['售后 1', 'b'])
      for (const q of await storage.queues.all())
        if (q.account === account) await storage.queues.delete(q.id)
      await storage.queues.seed(account, [settings], 5)
      expect(await names()).toEqual([])
    })

    it('a subject or nickname with U+0000 is kept without it', async () => {
      const one = meeting(account, { subject: 'a\u0000b' })
      await storage.meetings.create(one)
      expect((await storage.meetings.find(one.id))?.subject).toBe('ab')
      await storage.users.remember(account, 'u', 'c\u0000d', 1)
      expect((await storage.users.find(account, 'u'))?.nickName).toBe('cd')
    })

    it('02 §3: of many logins at the same moment each is kept, of one user the last', async () => {
      const all = Array.from({ length: 60 }, (_, i) =>
        storage.users.remember(account, `u${i % 50}`, `n${i}`, i),
      )
      await Promise.all(all)
      expect((await storage.users.find(account, 'u9'))?.nickName).toBe('n59')
      expect((await storage.users.find(account, 'u49'))?.lastSeen).toBe(49)
    })

    it('02 §3: a known user keeps the last nickname; user IDs are exact and per account', async () => {
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

    const netFile = (meetingID: number, over: Partial<NetFileRecord> = {}): NetFileRecord => ({
      blob: `nd-${++serial}`,
      meeting: meetingID,
      fileID: `0_${serial}_报告.pdf`,
      type: 0,
      owner: 'u',
      ownerName: 'Ü',
      fileName: '报告.pdf',
      size: 1025,
      createdAt: 1000 + serial,
      md5: null,
      ...over,
    })

    it('06 §1: a net-disk file is found when complete only, and replaces one of its ID', async () => {
      const { id } = meeting(account)
      const one = netFile(id)
      await storage.netFiles.create(one)
      expect(await storage.netFiles.find(id, one.fileID)).toBeNull()
      expect(await storage.netFiles.findUnfinished(id, one.fileID, 'u')).toEqual(one)
      expect(await storage.netFiles.findUnfinished(id, one.fileID, 'v')).toBeNull()
      expect(await storage.netFiles.complete(one.blob, 'm1')).toBeNull()
      expect(await storage.netFiles.find(id, one.fileID)).toEqual({ ...one, md5: 'm1' })
      const two = netFile(id, { fileID: one.fileID })
      await storage.netFiles.create(two)
      expect(await storage.netFiles.complete(two.blob, 'm2')).toBe(one.blob)
      expect(await storage.netFiles.find(id, one.fileID)).toEqual({ ...two, md5: 'm2' })
      expect(await storage.netFiles.complete('nd-unknown', 'm')).toBeNull()
    })

    it('06 §1: lists, use and clean-up of net disks are per meeting', async () => {
      const [{ id }, { id: other }] = [meeting(account), meeting(account)]
      const shared = netFile(id)
      const own = netFile(id, { type: 1 })
      const half = netFile(id, { createdAt: 5 })
      const foreign = netFile(other)
      for (const f of [shared, own, half, foreign]) await storage.netFiles.create(f)
      for (const f of [shared, own, foreign]) await storage.netFiles.complete(f.blob, 'm')
      expect(await storage.netFiles.list(id)).toEqual([{ ...shared, md5: 'm' }])
      expect(await storage.netFiles.usage(id)).toEqual({ files: 3, kb: 6 })
      expect(await storage.netFiles.usage(99)).toEqual({ files: 0, kb: 0 })
      expect(await storage.netFiles.known([own.blob, 'nd-none'])).toEqual(new Set([own.blob]))
      expect(await storage.netFiles.removeStale(6)).toEqual([half.blob])
      await storage.netFiles.remove(own.blob)
      expect(await storage.netFiles.removeAll(id)).toEqual([shared.blob])
      expect(await storage.netFiles.usage(other)).toEqual({ files: 1, kb: 2 })
    })

    const saying = (id: number, seq: number, over: Partial<ImRecord> = {}): ImRecord => ({
      meeting: id,
      seq,
      from: 'u',
      to: '',
      text: `№ ${seq}`,
      at: 1000 + seq,
      key: `key-${seq}`,
      ...over,
    })
    const EVERYTHING = { userID: 'u', privateSince: 0 }

    it('11 §1: messages come back in order, from both ends, with any characters', async () => {
      const m = meeting(account)
      await storage.meetings.create(m)
      const odd = saying(m.id, 2, { text: 'NUL \u0000, half \ud83d, 😀, "\\' })
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
      const m = meeting(account)
      const state: PagesState = { ...FIRST_PAGES, main: 2, sub: 'b', by: 'u', wall: -5 }
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

    const board = (boardID: string, position: number): StoredBoard => ({
      boardID,
      title: '白板 ✅',
      width: 800,
      height: 600,
      pageCount: 3,
      userID: 'Müller, 1',
      position,
    })
    const element = (boardID: string, page: number, elementID: string, position: number) => ({
      boardID,
      page,
      elementID,
      author: 'Ü',
      position,
      data: JSON.stringify({ elementID, text: 'a\u0000b "✅"', position }),
    })
    const nothing = { closed: [], boards: [], pages: [], deleted: [], elements: [] }

    it('12 §1: boards, pages and elements come back in order, with every property', async () => {
      const { id } = meeting(account)
      const pages = [
        { boardID: 'b', page: 0, img: '' },
        { boardID: 'b', page: 2, img: '0_1_图.png' },
      ]
      await storage.boards.save(id, {
        ...nothing,
        boards: [board('c', 9), board('b', 2 ** 40)],
        pages: pages.map((page) => ({ ...page, replaced: false })),
        elements: [element('b', 2, 'y', 2 ** 45), element('b', 0, 'x', 3)],
      })
      expect(await storage.boards.load(id)).toEqual({
        boards: [board('c', 9), board('b', 2 ** 40)],
        pages,
        elements: [element('b', 0, 'x', 3), element('b', 2, 'y', 2 ** 45)],
      })
      expect(await storage.boards.meetings()).toContain(id)
      expect(await storage.boards.load(meeting(account).id)).toEqual({
        boards: [],
        pages: [],
        elements: [],
      })
    })

    it('12 §1.4: elements are replaced and deleted, pages written anew, boards closed', async () => {
      const { id } = meeting(account)
      const pageOf = (no: number, img: string, replaced: boolean) => ({
        boardID: 'b',
        page: no,
        img,
        replaced,
      })
      await storage.boards.save(id, {
        ...nothing,
        boards: [board('b', 1), board('gone', 2)],
        pages: [pageOf(0, '', false), pageOf(1, '', false)],
        elements: [
          element('b', 0, 'x', 1),
          element('b', 0, 'y', 2),
          element('b', 1, 'x', 3),
          element('gone', 0, 'x', 4),
        ],
      })
      const changed = { ...element('b', 0, 'x', 1), data: '{"new":1}' }
      await storage.boards.save(id, {
        closed: ['gone', 'unknown'],
        boards: [],
        pages: [pageOf(0, '', false), pageOf(1, 'img', true)],
        deleted: [
          { boardID: 'b', page: 0, elementID: 'y' },
          { boardID: 'b', page: 0, elementID: 'z' },
        ],
        elements: [changed, element('b', 1, 'n', 7)],
      })
      expect(await storage.boards.load(id)).toEqual({
        boards: [board('b', 1)],
        pages: [
          { boardID: 'b', page: 0, img: '' },
          { boardID: 'b', page: 1, img: 'img' },
        ],
        elements: [changed, element('b', 1, 'n', 7)],
      })
    })

    it('12 §1: thousands of elements are saved in one call; boards belong to one meeting', async () => {
      const [{ id }, { id: other }] = [meeting(account), meeting(account)]
      const elements = Array.from({ length: 2_500 }, (_, n) => element('b', 0, `e${n}`, n))
      for (const one of [id, other])
        await storage.boards.save(one, { ...nothing, boards: [board('b', 1)], elements })
      expect((await storage.boards.load(id)).elements).toEqual(elements)
      await storage.boards.save(id, { ...nothing, deleted: elements.slice(1) })
      expect((await storage.boards.load(id)).elements).toEqual(elements.slice(0, 1))
      await storage.boards.removeAll(id)
      expect((await storage.boards.load(id)).boards).toEqual([])
      expect(await storage.boards.meetings()).not.toContain(id)
      expect((await storage.boards.load(other)).elements).toHaveLength(2_500)
    })
  })

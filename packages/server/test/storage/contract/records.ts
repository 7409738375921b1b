import { expect, it } from 'vitest'
import type { RecordEntry } from '../../../src/storage/port.ts'
import { type Given, nextSerial } from './given.ts'

const SHA = 'a'.repeat(64)

/** Recordings on the server. */
export const recordsContract = (given: Given): void => {
  const entry = (account: string, over: Partial<RecordEntry> = {}): RecordEntry => {
    const serial = nextSerial()
    return {
      id: `rec${String(serial).padStart(6, '0')}-${account}`,
      account,
      key: `key-${serial}`,
      owner: 'u',
      ownerName: 'Ü',
      seat: '',
      meeting: 12_345_678,
      name: '周会.mp4',
      wanted: null,
      path: null,
      size: 5_000_000_000,
      duration: 0,
      mimeType: '',
      sha256: '',
      createdAt: 1000 + serial,
      touchedAt: 1000 + serial,
      ...over,
    }
  }
  const as = (path: string) => ({
    path,
    size: 7,
    duration: 3,
    mimeType: 'video/mp4',
    sha256: SHA,
  })

  it('06 §7: a recording is listed when it is confirmed only, newest first, in pages', async () => {
    const { storage, account } = given()
    const { records } = storage
    const [one, two, three] = [entry(account), entry(account), entry(account)]
    for (const e of [one, two, three]) await records.create(e)
    expect(await records.findByKey(account, one.key)).toEqual(one)
    expect(await records.findByKey('other', one.key)).toBeNull()
    expect(await records.list(account, null, null, 10)).toEqual([])
    for (const e of [one, two, three])
      expect(await records.confirm(e.id, as(`/${e.id}`))).toBeNull()
    const shown = { ...one, ...as(`/${one.id}`) }
    expect(await records.find(one.id)).toEqual(shown)
    expect(await records.findByPath(account, `/${one.id}`)).toEqual(shown)
    const ids = async (before: string | null) =>
      (await records.list(account, null, before, 2)).map(({ id }) => id)
    expect(await ids(null)).toEqual([three.id, two.id])
    await records.remove(two.id)
    expect(await ids(two.id)).toEqual([one.id])
    expect(await records.confirm('nothing', as('/x'))).toBeNull()
  })

  it('06 §9: whose recordings are asked for: a user’s, a guest’s stay, an account’s', async () => {
    const { storage, account } = given()
    const { records } = storage
    const own = entry(account)
    const guest = entry(account, { seat: 'seat-1' })
    const elsewhere = entry(`${account}-2`)
    for (const e of [own, guest, elsewhere]) {
      await records.create(e)
      await records.confirm(e.id, as(`/${e.id}`))
    }
    const ids = async (owner: { owner: string; seat: string } | null) =>
      (await records.list(account, owner, null, 10)).map(({ id }) => id)
    expect(await ids({ owner: 'u', seat: '' })).toEqual([own.id])
    expect(await ids({ owner: 'u', seat: 'seat-1' })).toEqual([guest.id])
    expect(await ids({ owner: 'v', seat: '' })).toEqual([])
    expect(await ids(null)).toEqual([guest.id, own.id])
  })

  it('06 §7: a confirmed one takes the place of the earlier one there, in its account', async () => {
    const { storage, account } = given()
    const { records } = storage
    const [old, fresh] = [entry(account), entry(account)]
    const elsewhere = entry(`${account}-2`)
    for (const e of [old, elsewhere, fresh]) {
      await records.create(e)
      expect(await records.confirm(e.id, as('/a/b.mp4'))).toBe(e === fresh ? old.id : null)
    }
    expect(await records.find(old.id)).toBeNull()
    expect(await records.taken(account, ['/a/b.mp4', '/a/c.mp4'])).toEqual(new Set(['/a/b.mp4']))
    expect(await records.taken(account, [])).toEqual(new Set())
    expect(await records.find(elsewhere.id)).not.toBeNull()
  })

  it('06 §7: what is used counts unfinished ones; only those become stale', async () => {
    const { storage, account } = given()
    const { records } = storage
    const [done, half] = [entry(account, { touchedAt: 5 }), entry(account, { touchedAt: 5 })]
    for (const e of [done, half]) await records.create(e)
    await records.confirm(done.id, as('/done.mp4'))
    expect(await records.usage(account)).toEqual({ records: 2, bytes: 5_000_000_007 })
    expect(await records.unfinished(account, half)).toBe(1)
    expect(await records.unfinished(account, { owner: 'v', seat: '' })).toBe(0)
    await records.change(half.id, { size: 9, wanted: '/w', touchedAt: 6 })
    expect(await records.find(half.id)).toEqual({ ...half, size: 9, wanted: '/w', touchedAt: 6 })
    expect(await records.known([done.id, half.id, 'x'])).toEqual(new Set([done.id, half.id]))
    expect(await records.removeStale(6)).toEqual([])
    expect(await records.removeStale(7)).toEqual([half.id])
    expect(await records.known([])).toEqual(new Set())
    expect(await records.usage(account)).toEqual({ records: 1, bytes: 7 })
  })
}

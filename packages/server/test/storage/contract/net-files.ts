import { expect, it } from 'vitest'
import type { NetFileRecord } from '../../../src/storage/port.ts'
import { type Given, meeting, nextSerial } from './given.ts'

/** Files of net disks. */
export const netFilesContract = (given: Given): void => {
  const netFile = (meetingID: number, over: Partial<NetFileRecord> = {}): NetFileRecord => {
    const serial = nextSerial()
    return {
      blob: `nd-${serial}`,
      meeting: meetingID,
      fileID: `0_${serial}_报告.pdf`,
      type: 0,
      owner: 'u',
      guest: false,
      ownerName: 'Ü',
      fileName: '报告.pdf',
      size: 1025,
      createdAt: 1000 + serial,
      md5: null,
      ...over,
    }
  }

  it('06 §1: a net-disk file is found when complete only, and replaces one of its ID', async () => {
    const { storage, account } = given()
    const { id } = meeting(account)
    const one = netFile(id)
    await storage.netFiles.create(one)
    expect(await storage.netFiles.find(id, one.fileID)).toBeNull()
    expect(await storage.netFiles.findUnfinished(id, one.fileID, one)).toEqual(one)
    for (const other of [
      { owner: 'v', guest: false },
      { owner: 'u', guest: true },
    ])
      expect(await storage.netFiles.findUnfinished(id, one.fileID, other)).toBeNull()
    expect(await storage.netFiles.complete(one.blob, 'm1', 77)).toBeNull()
    const whole = { ...one, md5: 'm1', createdAt: 77 }
    expect(await storage.netFiles.find(id, one.fileID)).toEqual(whole)
    await storage.netFiles.touch(one.blob, 99)
    expect(await storage.netFiles.find(id, one.fileID)).toEqual(whole)
    const two = netFile(id, { fileID: one.fileID })
    await storage.netFiles.create(two)
    expect(await storage.netFiles.complete(two.blob, 'm2', 78)).toBe(one.blob)
    expect(await storage.netFiles.find(id, one.fileID)).toMatchObject({ blob: two.blob, md5: 'm2' })
    expect(await storage.netFiles.complete('nd-unknown', 'm', 79)).toBeNull()
  })

  it('06 §2: unfinished files of one ID lie side by side for each owner, and are listed for it', async () => {
    const { storage, account } = given()
    const { id } = meeting(account)
    const [old, fresh] = [netFile(id, { createdAt: 1 }), netFile(id, { createdAt: 2 })]
    const guests = netFile(id, { fileID: old.fileID, guest: true })
    const another = netFile(id, { fileID: old.fileID, owner: 'v' })
    for (const f of [fresh, old, guests, another]) await storage.netFiles.create(f)
    expect(await storage.netFiles.unfinished(id, old, 9)).toEqual([old, fresh])
    expect(await storage.netFiles.unfinished(id, guests, 9)).toEqual([guests])
    await storage.netFiles.touch(old.blob, 3)
    expect(await storage.netFiles.unfinished(id, old, 1)).toEqual([fresh])
    await expect(storage.netFiles.create(netFile(id, { fileID: old.fileID }))).rejects.toThrow()
  })

  it('06 §1: files of a meeting that is over are found, those of others stay', async () => {
    const { storage, account } = given()
    const [here, gone] = [meeting(account), meeting(account)]
    for (const m of [here, gone]) await storage.meetings.create(m)
    const [kept, left] = [netFile(here.id), netFile(gone.id)]
    for (const f of [kept, left]) await storage.netFiles.create(f)
    await storage.meetings.destroy(gone.id)
    expect(await storage.netFiles.removeOver()).toContain(left.blob)
    expect(await storage.netFiles.unfinished(here.id, kept, 9)).toEqual([kept])
  })

  it('06 §1: lists, use and clean-up of net disks are per meeting', async () => {
    const { storage, account } = given()
    const [{ id }, { id: other }] = [meeting(account), meeting(account)]
    const shared = netFile(id)
    const own = netFile(id, { type: 1 })
    const half = netFile(id, { createdAt: 5 })
    const foreign = netFile(other)
    for (const f of [shared, own, half, foreign]) await storage.netFiles.create(f)
    for (const f of [shared, own, foreign])
      await storage.netFiles.complete(f.blob, 'm', f.createdAt)
    expect(await storage.netFiles.list(id)).toEqual([{ ...shared, md5: 'm' }])
    expect(await storage.netFiles.usage(id)).toEqual({ files: 3, kb: 6 })
    expect(await storage.netFiles.usage(99)).toEqual({ files: 0, kb: 0 })
    expect(await storage.netFiles.known([own.blob, 'nd-none'])).toEqual(new Set([own.blob]))
    expect(await storage.netFiles.removeStale(6)).toEqual([half.blob])
    await storage.netFiles.remove(own.blob)
    expect(await storage.netFiles.removeAll(id)).toEqual([shared.blob])
    expect(await storage.netFiles.usage(other)).toEqual({ files: 1, kb: 2 })
  })
}

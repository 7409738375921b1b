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
    const { storage, account } = given()
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
}

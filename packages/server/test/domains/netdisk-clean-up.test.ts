import { describe, expect, it } from 'vitest'
import { createFakeClock } from '../../src/core/clock.ts'
import { createSeededIds } from '../../src/core/ids.ts'
import { silentLog } from '../../src/core/log.ts'
import { type DiskUser, NetDisks } from '../../src/domains/netdisk/disk.ts'
import { memoryBlobs } from '../support/memory-blobs.ts'
import { useTestStorage } from '../support/test-storage.ts'

const file = (fileID: string, size: number) =>
  ({ fileID, type: 0, fileName: 'hello.txt', size }) as const

const storage = useTestStorage()
let serial = 0

describe('clean-up of net disks', () => {
  let meeting = 1
  let user: DiskUser
  const open = async () => {
    const clock = createFakeClock()
    meeting++
    user = { meeting, creator: 'a', userID: 'a', guest: false, nickName: '' }
    await storage().accounts.upsert({
      name: 'demo',
      passwordHash: '',
      authUrl: null,
      disabled: false,
    })
    await storage().meetings.create({
      ...{
        id: meeting,
        account: 'demo',
        subject: '',
        password: '',
        creator: 'a',
        slug: `s${meeting}`,
      },
      ...{ createdAt: 0, emptySince: 0, requestKey: null },
    })
    const blobs = memoryBlobs()
    const deps = {
      store: storage().netFiles,
      blobs,
      clock,
      ids: createSeededIds(++serial),
      limitKb: 10,
    }
    const disks = new NetDisks(deps, silentLog)
    await disks.start()
    return { clock, blobs, disks, deps }
  }

  it('06 §2: an unfinished upload is kept for 24 h', async () => {
    const { clock, blobs, disks } = await open()
    await disks.upload(user, file('f', 9))
    clock.advance(23 * 3_600_000)
    await disks.summary(user)
    expect(blobs.contents.size).toBe(1)
    clock.advance(2 * 3_600_000)
    await expect.poll(() => blobs.contents.size).toBe(0)
    expect((await disks.summary(user)).used).toBe(0)
    disks.close()
    expect(clock.pending()).toBe(0)
  })

  it('06 §2: the 24 h begin anew with every time that an upload is gone on with', async () => {
    const { clock, disks, deps } = await open()
    for (const hours of [0, 23, 23]) {
      clock.advance(hours * 3_600_000)
      await disks.upload(user, file('f', 9))
    }
    const next = new NetDisks(deps, silentLog)
    await next.start()
    expect((await next.unfinished(user)).map((f) => [f.fileID, f.received])).toEqual([['f', 0]])
    disks.close()
    next.close()
  })

  it('ND7: files of a meeting that ended while the server crashed go at the start', async () => {
    const { blobs, disks, deps } = await open()
    await disks.upload(user, file('f', 9))
    disks.close()
    await storage().meetings.destroy(meeting)
    const next = new NetDisks(deps, silentLog)
    await next.start()
    expect(blobs.contents.size).toBe(0)
    expect((await next.summary(user)).used).toBe(0)
    next.close()
  })

  it('ND7: blobs that no file has are removed at the start, those of other domains stay', async () => {
    const { blobs, disks, deps } = await open()
    const kept = await disks.upload(user, file('f', 9))
    blobs.contents.set('nd-left-behind', Buffer.from('x'))
    blobs.contents.set('other', Buffer.from('x'))
    disks.close()
    const next = new NetDisks(deps, silentLog)
    await next.start()
    expect([...blobs.contents.keys()]).toEqual([kept, 'other'])
    next.close()
  })
})

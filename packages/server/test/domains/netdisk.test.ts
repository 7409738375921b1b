import type { MeetingInfo, NetFile } from '@yuntang/protocol'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createFakeClock } from '../../src/core/clock.ts'
import { createSeededIds } from '../../src/core/ids.ts'
import { silentLog } from '../../src/core/log.ts'
import { NetDisks } from '../../src/domains/netdisk/disk.ts'
import { memoryBlobs } from '../support/memory-blobs.ts'
import { startTestApp, type TestApp, TestPage } from '../support/page.ts'
import { useTestStorage } from '../support/test-storage.ts'

const MD5_OF_HELLO = '5d41402abc4b2a76b9719d911017c592'
const file = (fileID: string, size = 5, fileName = 'hello.txt', type: 0 | 1 = 0) => ({
  fileID,
  type,
  fileName,
  size,
})

const storage = useTestStorage()

describe('the net disk of a meeting', () => {
  let test: TestApp
  let meeting: MeetingInfo
  let a: TestPage
  let b: TestPage

  const seat = async (userID: string, id = meeting.id) => {
    const page = await new TestPage(test).login(userID)
    await page.enter(id)
    return page
  }
  /** What HTTP would have written. */
  const fill = async (page: TestPage, wanted: ReturnType<typeof file>, content: string) => {
    const { path } = (await page.call('netdisk.upload', wanted)) as { path: string }
    const blob = /uploads\/([\w-]+)\?/.exec(path)?.[1] ?? ''
    test.blobs.contents.set(blob, Buffer.from(content))
    return blob
  }
  const put = async (page: TestPage, wanted: ReturnType<typeof file>, content = 'hello') => {
    await fill(page, wanted, content)
    return page.call('netdisk.finish', { fileID: wanted.fileID })
  }
  const listed = async (page: TestPage) =>
    ((await page.call('netdisk.list')) as { files: NetFile[] }).files.map((f) => f.fileID)

  beforeEach(async () => {
    test = await startTestApp({ netDiskKb: 10 }, { storage: storage() })
    const creator = await new TestPage(test).login('creator')
    meeting = (await creator.call('meetings.create', {
      subject: 's',
      withPassword: false,
    })) as MeetingInfo
    a = await seat('a')
    b = await seat('b')
  })
  afterEach(() => test.app.close())

  it('06 §1: a file becomes visible only when its upload is complete', async () => {
    await fill(a, file('f'), 'hel')
    expect(await listed(b)).toEqual([])
    expect(await b.call('netdisk.download', { fileID: 'f' })).toBe('file.unknown')
    expect(await a.call('netdisk.finish', { fileID: 'f' })).toBe('file.incomplete')
    const done = await put(a, file('f'))
    expect(done).toMatchObject({ file: { owner: 'a', ownerName: 'n', md5: MD5_OF_HELLO, size: 5 } })
    expect(await listed(b)).toEqual(['f'])
    expect(b.events('netdisk.added').map((e) => e.file.fileID)).toEqual(['f'])
    expect(await b.call('netdisk.download', { fileID: 'f' })).toMatchObject({
      path: expect.stringMatching(/^\/api\/v1\/files\/nd-.*name=hello\.txt/),
      file: { fileName: 'hello.txt' },
    })
    expect(await a.call('netdisk.finish', { fileID: 'f' })).toEqual(done)
  })

  it('a file is read once, however often its page says meanwhile that it is there', async () => {
    await fill(a, file('f'), 'hello')
    const read = vi.spyOn(test.blobs, 'read')
    const all = await Promise.all(
      Array.from({ length: 20 }, () => a.call('netdisk.finish', { fileID: 'f' })),
    )
    for (const done of all) expect(done).toMatchObject({ file: { md5: MD5_OF_HELLO } })
    expect(read.mock.calls.length).toBeLessThanOrEqual(1)
    read.mockRestore()
  })

  it('06 §1: type 1 is not listed and not announced, otherwise equal', async () => {
    await put(a, file('board', 5, 'x.png', 1))
    expect(await listed(b)).toEqual([])
    expect(b.events('netdisk.added')).toEqual([])
    expect(await b.call('netdisk.download', { fileID: 'board' })).toMatchObject({
      file: { type: 1 },
    })
  })

  it('06 §1: an existing ID is replaced by its owner only; the old content goes', async () => {
    const first = await fill(a, file('f'), 'hello')
    await a.call('netdisk.finish', { fileID: 'f' })
    expect(await b.call('netdisk.upload', file('f'))).toBe('file.owner')
    expect(await put(a, file('f', 3), 'abc')).toMatchObject({ file: { size: 3 } })
    expect(await listed(a)).toEqual(['f'])
    expect(test.blobs.contents.has(first)).toBe(false)
  })

  it('06 §1: of two who upload one new ID at once the first to finish owns it', async () => {
    await fill(a, file('f'), 'hello')
    await fill(b, file('f'), 'other')
    expect(await b.call('netdisk.finish', { fileID: 'f' })).toMatchObject({ file: { owner: 'b' } })
    expect(await a.call('netdisk.finish', { fileID: 'f' })).toBe('file.owner')
  })

  it('06 §1: the quota counts both types and unfinished files, in KB rounded up', async () => {
    await put(a, file('one', 1), 'x')
    await put(a, file('two', 1025, 'x', 1), 'y'.repeat(1025))
    await fill(b, file('three', 4096), '')
    expect(await a.call('netdisk.summary')).toEqual({ limit: 10, used: 7 })
    expect(await a.call('netdisk.upload', file('four', 3073))).toBe('disk.full')
    expect(await a.call('netdisk.upload', file('four', 3072))).toHaveProperty('path')
  })

  it('06 §2: an unfinished upload of the same file goes on, of another one begins anew', async () => {
    const first = await fill(a, file('f', 10), 'hel')
    expect(await fill(a, file('f', 10), 'hel')).toBe(first)
    const again = await fill(a, file('f', 10, 'other.txt'), '')
    expect(again).not.toBe(first)
    expect(test.blobs.contents.has(first)).toBe(false)
  })

  it('06 §2: cancelling removes what had arrived, and a finished file of the ID stays', async () => {
    await put(a, file('f'))
    const blob = await fill(a, file('f', 9), 'hel')
    await a.call('netdisk.cancel', { fileID: 'f' })
    expect(test.blobs.contents.has(blob)).toBe(false)
    expect(await listed(a)).toEqual(['f'])
    await b.call('netdisk.cancel', { fileID: 'f' })
    expect(await listed(a)).toEqual(['f'])
  })

  it('06 §1: a file whose hash is not the one that was claimed is refused and leaves nothing', async () => {
    const blob = await fill(a, file('f'), 'hellO')
    const claim = { fileID: 'f', md5: MD5_OF_HELLO }
    expect(await a.call('netdisk.finish', claim)).toBe('file.changed')
    expect(test.blobs.contents.has(blob)).toBe(false)
    expect(await listed(b)).toEqual([])
    expect(await a.call('netdisk.summary')).toMatchObject({ used: 0 })
    await fill(a, file('f'), 'hello')
    expect(await a.call('netdisk.finish', claim)).toMatchObject({ file: { md5: MD5_OF_HELLO } })
  })

  it('06 §1: a file that is larger or smaller than was said never becomes visible', async () => {
    await fill(a, file('f', 5), 'hello and more')
    expect(await a.call('netdisk.finish', { fileID: 'f' })).toBe('file.incomplete')
    await fill(a, file('g', 9), 'hello')
    expect(await a.call('netdisk.finish', { fileID: 'g' })).toBe('file.incomplete')
    expect(await listed(b)).toEqual([])
  })

  it.each([
    ['Chinese', '会议 纪要 ✅.txt'],
    ['quotes and markup', `it's "quoted" & <b>;filename=x.txt`],
    ['a path', '..\\..\\../../etc/passwd'],
    ['an absolute path', 'C:\\Windows\\system.ini'],
    ['255 characters', `${'长'.repeat(251)}.txt`],
  ])('06 §1: a name of every kind is only a name: %s', async (_, name) => {
    await fill(a, file(name, 5, name), 'hello')
    expect(await a.call('netdisk.finish', { fileID: name })).toMatchObject({
      file: { fileID: name, fileName: name },
    })
    expect([...test.blobs.contents.keys()]).toEqual([expect.stringMatching(/^nd-[\w-]+$/)])
    const { path } = (await b.call('netdisk.download', { fileID: name })) as { path: string }
    expect(new URL(path, 'http://x').searchParams.get('name')).toBe(name)
  })

  it('06 §1: a name of 256 characters, or none, is refused', async () => {
    expect(await a.call('netdisk.upload', file('f', 5, 'x'.repeat(256)))).toBe('param.invalid')
    expect(await a.call('netdisk.upload', file('x'.repeat(256)))).toBe('param.invalid')
    expect(await a.call('netdisk.upload', file('', 5))).toBe('param.invalid')
  })

  it('06 §9: its owner or the creator of the meeting deletes a file, others are refused', async () => {
    await put(a, file('f'))
    await put(a, file('g'))
    expect(await b.call('netdisk.remove', { fileID: 'f' })).toBe('permission.denied')
    expect(await a.call('netdisk.remove', { fileID: 'f' })).toEqual({})
    expect(await a.call('netdisk.remove', { fileID: 'f' })).toBe('file.unknown')
    const creator = await seat('creator')
    expect(await creator.call('netdisk.remove', { fileID: 'g' })).toEqual({})
    expect(b.events('netdisk.removed')).toEqual([
      { fileID: 'f', by: 'a' },
      { fileID: 'g', by: 'creator' },
    ])
    expect(test.blobs.contents.size).toBe(0)
  })

  it('06 §1: files stay when their owner leaves, and go with the meeting', async () => {
    await put(a, file('f'))
    await fill(a, file('half', 9), 'h')
    await a.call('meetings.exit')
    expect(await listed(b)).toEqual(['f'])
    const creator = await seat('creator')
    await creator.call('meetings.destroy', { id: meeting.id })
    await expect.poll(() => test.blobs.contents.size).toBe(0)
  })

  it('06 §1: other meetings have another disk, and outside a meeting there is none', async () => {
    await put(a, file('f'))
    const c = await new TestPage(test).login('c')
    expect(await c.call('netdisk.list')).toBe('meeting.outside')
    const other = (await c.call('meetings.create', {
      subject: '',
      withPassword: false,
    })) as MeetingInfo
    await c.enter(other.id)
    expect(await listed(c)).toEqual([])
    expect(await c.call('netdisk.download', { fileID: 'f' })).toBe('file.unknown')
    expect(await c.call('netdisk.remove', { fileID: 'f' })).toBe('file.unknown')
  })
})

describe('clean-up of net disks', () => {
  const user = { meeting: 10_000_001, creator: 'a', userID: 'a', nickName: '' }
  const open = async () => {
    const clock = createFakeClock()
    const blobs = memoryBlobs()
    const deps = { store: storage().netFiles, blobs, clock, ids: createSeededIds(1), limitKb: 10 }
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

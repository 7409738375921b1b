import type { MeetingInfo, NetFile } from '@yuntang/protocol'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createSignedPaths } from '../../src/files/signed-paths.ts'
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
let serial = 0

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
    test = await startTestApp(
      { netDiskKb: 10, allowGuests: true },
      { storage: storage(), seed: ++serial },
    )
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

  it('06 §9: whoever only calls itself by the name of another owns nothing of it', async () => {
    await put(a, file('f'))
    await fill(a, file('half', 9), 'h')
    await a.call('meetings.exit')
    a.cut()
    test.clock.advance(40_000)
    const guest = new TestPage(test)
    guest.hello()
    await guest.enter(meeting.id, '', { userID: 'a' })
    const loggedIn = await new TestPage(test).login('somebody')
    for (const thief of [guest, loggedIn]) {
      expect(await thief.enter(meeting.id, '', { userID: 'a' })).toMatchObject({ me: 'a' })
      expect(await thief.call('netdisk.remove', { fileID: 'f' })).toBe('permission.denied')
      expect(await thief.call('netdisk.upload', file('f'))).toBe('file.owner')
      await thief.call('netdisk.cancel', { fileID: 'half' })
      expect(await thief.call('netdisk.unfinished')).toEqual({ files: [] })
      await thief.call('meetings.exit')
    }
    const back = await seat('a')
    expect(await back.call('netdisk.unfinished')).toMatchObject({ files: [{ received: 1 }] })
    expect(await back.call('netdisk.remove', { fileID: 'f' })).toEqual({})
  })

  it('06 §9: a guest deletes what a guest of its name has shared, also after a reload', async () => {
    for (const fileID of ['f', 'g']) {
      const guest = new TestPage(test)
      guest.hello()
      await guest.enter(meeting.id, '', { userID: 'guest' })
      expect(await put(guest, file(fileID))).toMatchObject({ file: { owner: 'guest' } })
      if (fileID === 'g') expect(await guest.call('netdisk.remove', { fileID: 'f' })).toEqual({})
      await guest.call('meetings.exit')
    }
  })

  it('07 §5.3: who came back with the proof of its login owns its files still', async () => {
    await put(a, file('f'))
    a.cut(4004)
    const again = new TestPage(test)
    again.hello()
    await again.enter(meeting.id, '', { userID: 'a', proof: a.proof })
    expect(await again.call('netdisk.remove', { fileID: 'f' })).toEqual({})
  })

  it('06 §1: of uploads that begin at one time only so many get room as there is', async () => {
    const ids = Array.from({ length: 12 }, (_, i) => `f${i}`)
    const answers = await Promise.all(
      ids.map((id, i) => (i % 2 ? a : b).call('netdisk.upload', file(id, 3000))),
    )
    expect(answers.filter((one) => one === 'disk.full')).toHaveLength(9)
    expect(await a.call('netdisk.summary')).toEqual({ limit: 10, used: 9 })
  })

  it('06 §1: two files of one name are two files; the list is in order of completion', async () => {
    await fill(a, file('one'), 'hello')
    await fill(b, file('two'), 'HELLO')
    test.clock.advance(1000)
    await b.call('netdisk.finish', { fileID: 'two' })
    test.clock.advance(1000)
    const done = (await a.call('netdisk.finish', { fileID: 'one' })) as { file: NetFile }
    expect(done.file.createdAt).toBe(test.clock.now())
    expect(await listed(a)).toEqual(['two', 'one'])
  })

  it('06 §2: unfinished uploads are listed for their owner, with what has arrived', async () => {
    await fill(a, file('half', 9), 'hel')
    await fill(a, file('board', 9, 'x.png', 1), '')
    await put(a, file('whole'))
    expect(await a.call('netdisk.unfinished')).toEqual({
      files: [
        { ...file('half', 9), received: 3, touchedAt: test.clock.now() },
        { ...file('board', 9, 'x.png', 1), received: 0, touchedAt: test.clock.now() },
      ],
    })
    expect(await b.call('netdisk.unfinished')).toEqual({ files: [] })
    await a.call('netdisk.cancel', { fileID: 'half' })
    expect(await a.call('netdisk.unfinished')).toMatchObject({ files: [{ fileID: 'board' }] })
  })

  it('06 §1: a large file that is finished again while it is read is read and told once', async () => {
    await fill(a, file('f'), 'hello')
    let reads = 0
    const { read } = test.blobs
    vi.spyOn(test.blobs, 'read').mockImplementation((...args) => {
      reads++
      return read(...args)
    })
    const all = await Promise.all([1, 2, 3].map(() => a.call('netdisk.finish', { fileID: 'f' })))
    expect(all).toEqual([all[0], all[0], all[0]])
    expect(all[0]).toHaveProperty('file')
    expect(await a.call('netdisk.finish', { fileID: 'f' })).toEqual(all[0])
    expect(reads).toBe(1)
    expect(b.events('netdisk.added')).toHaveLength(1)
  })

  it('06 §1: half of a pair of surrogates in a name harms nothing', async () => {
    await put(a, file('\ud800', 5, 'a\udc00.txt'))
    const { path } = (await b.call('netdisk.download', { fileID: '\ud800' })) as { path: string }
    const { searchParams, pathname } = new URL(path, 'http://x')
    const [name, expires, signature] = ['name', 'expires', 'signature'].map(
      (key) => searchParams.get(key) ?? '',
    ) as [string, string, string]
    const grant = { action: 'get', blob: pathname.split('/').at(-1) ?? '', name, type: '' } as const
    const paths = createSignedPaths(Buffer.alloc(32), test.clock)
    expect(paths.check(grant, { expires, signature })).toBe(true)
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

import { createHash } from 'node:crypto'
import type { MeetingInfo, StoredRecord } from '@yuntang/protocol'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createFakeClock } from '../../src/core/clock.ts'
import { createSeededIds } from '../../src/core/ids.ts'
import { silentLog } from '../../src/core/log.ts'
import { placesFor, readName, readPlace } from '../../src/domains/records/places.ts'
import { Records } from '../../src/domains/records/records.ts'
import type { Storage } from '../../src/storage/port.ts'
import { testManifests } from '../support/manifests.ts'
import { memoryBlobs } from '../support/memory-blobs.ts'
import { startTestApp, type TestApp, TestPage } from '../support/page.ts'
import { createTestStorage } from '../support/test-storage.ts'

const md5 = (text: string) => createHash('md5').update(text).digest('hex')
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const KEY = 'a key of sixteen'

interface Sent {
  key?: string
  name?: string
  to?: string
  content?: string
}
const blobIn = (answer: unknown) =>
  /uploads\/([\w-]+)\?/.exec((answer as { path: string }).path)?.[1] ?? ''

describe('06 §7: places in the record store', () => {
  it.each([
    ['/a/b.mp4', '/a/b.mp4'],
    ['a\\b//c.mp4', '/a/b/c.mp4'],
    ['./录像/x', '/录像/x'],
    ['', null],
    ['/', null],
    ['/a/../b', null],
    ['/a\u0007b', null],
    [`/${'x'.repeat(600)}`, null],
  ])('%j is %j', (given, place) => expect(readPlace(given)).toBe(place))

  it.each([
    ['a.mp4', 'a.mp4'],
    ['C:\\fakepath\\a.mp4', 'a.mp4'],
    ['/x/', null],
    ['..', null],
    ['a\nb', null],
  ])('the name %j is %j', (given, name) => expect(readName(given)).toBe(name))

  it('clashes are numbered before the extension', () => {
    const at = new Date(2026, 2, 9, 12).getTime()
    expect(placesFor('a.b.mp4', at, 1, 2)).toEqual([
      '/2026-03-09/a.b.mp4',
      '/2026-03-09/a.b (2).mp4',
    ])
    expect(placesFor('.x', at, 2, 1)).toEqual(['/2026-03-09/.x (2)'])
  })
})

describe('recordings on the server', () => {
  let storage: Storage
  let test: TestApp
  let anna: TestPage
  let ben: TestPage
  let account = 0

  const begin = (page: TestPage, { key = KEY, name = 'a.mp4', content = 'hello', ...to }: Sent) =>
    page.call('records.begin', { key, name, size: content.length, ...to })
  /** What HTTP would have written. */
  const fill = async (page: TestPage, sent: Sent) => {
    const blob = blobIn(await begin(page, sent))
    test.blobs.contents.set(blob, Buffer.from(sent.content ?? 'hello'))
    return blob
  }
  const finish = (page: TestPage, { key = KEY, content = 'hello' }: Sent = {}, more: object = {}) =>
    page.call('records.finish', {
      key,
      size: content.length,
      md5: md5(content),
      duration: 3,
      mimeType: 'video/mp4',
      ...more,
    })
  const put = async (page: TestPage, sent: Sent = {}) => {
    await fill(page, sent)
    return ((await finish(page, sent)) as { record: StoredRecord }).record
  }
  const list = async (page: TestPage, more: object = {}) =>
    ((await page.call('records.list', more)) as { records: StoredRecord[] }).records
  const signIn = (userID: string, name = `account-${account}`) =>
    new TestPage(test).login(userID, name)

  beforeAll(async () => {
    storage = await createTestStorage()
  }, 60_000)
  beforeEach(async () => {
    account++
    test = await startTestApp({ recordsBytes: 20, allowGuests: true }, { storage, seed: account })
    anna = await signIn('anna')
    ben = await signIn('ben')
  })
  afterEach(() => test.app.close())
  afterAll(() => storage.close())

  it('06 §7: one is kept when every byte is there, at the place of its day', async () => {
    const blob = await fill(anna, { content: 'hel' })
    expect(await list(anna)).toEqual([])
    expect(await finish(anna)).toBe('file.incomplete')
    expect(blobIn(await begin(anna, {}))).toBe(blob)
    test.blobs.contents.set(blob, Buffer.from('hello'))
    const done = (await finish(anna)) as { record: StoredRecord; url: string }
    expect(done.record).toEqual({
      id: expect.any(String),
      path: expect.stringMatching(/^\/2023-11-1\d\/a\.mp4$/),
      size: 5,
      duration: 3,
      mimeType: 'video/mp4',
      sha256: sha256('hello'),
      owner: 'anna',
      ownerName: 'anna',
      meeting: 0,
      createdAt: test.clock.now(),
      manifest: false,
    })
    expect(done.url).toMatch(/^\/api\/v1\/files\/rec-.*name=a\.mp4&show=video%2Fmp4/)
    expect(await finish(anna)).toEqual(done)
    expect(await list(anna)).toEqual([done.record])
    expect(await anna.call('records.usage')).toEqual({ used: 5, limit: 20 })
  })

  it('06 §7: a name that is taken gets a number before the extension', async () => {
    const paths: string[] = []
    for (const key of ['1', '2', '3'])
      paths.push((await put(key === '2' ? ben : anna, { key: KEY + key })).path.slice(11))
    expect(paths).toEqual(['/a.mp4', '/a (2).mp4', '/a (3).mp4'])
  })

  it('06 §7 UploadRecordFile2: at the place that was named, over an own one only', async () => {
    const first = await put(anna, { to: 'x//y.mp4' })
    expect(first.path).toBe('/x/y.mp4')
    expect(await begin(ben, { key: `${KEY}b`, to: '/x/y.mp4' })).toBe('record.owner')
    const second = await put(anna, { key: `${KEY}2`, to: '/x/y.mp4', content: 'again' })
    expect(await list(anna)).toEqual([second])
    expect(test.blobs.contents.size).toBe(1)
    expect(await begin(anna, { key: `${KEY}3`, to: '/../y.mp4' })).toBe('param.invalid')
  })

  it('06 §7: of two who go for one place at once the first to finish has it', async () => {
    await fill(anna, { to: '/x.mp4' })
    await fill(ben, { key: `${KEY}b`, to: '/x.mp4' })
    expect(await finish(ben, { key: `${KEY}b` })).toMatchObject({ record: { owner: 'ben' } })
    expect(await finish(anna)).toBe('record.owner')
  })

  it('other bytes than the page says are refused and leave nothing', async () => {
    await fill(anna, {})
    expect(await finish(anna, {}, { md5: md5('hallo') })).toBe('file.changed')
    expect(test.blobs.contents.size).toBe(0)
    expect(await anna.call('records.usage')).toMatchObject({ used: 0 })
  })

  it('RS2: a page that asks for more room while its recording is being read gets nothing confirmed', async () => {
    for (const [i, content] of ['hello, more', 'hell'].entries()) {
      const key = KEY + i
      await fill(anna, { key })
      // The last moment before it is read.
      const { settle } = test.blobs
      test.blobs.settle = async () => {
        await begin(anna, { key, content })
        test.blobs.settle = settle
      }
      expect(await finish(anna, { key })).toBe('file.incomplete')
      expect(await list(anna)).toEqual([])
    }
  })

  it('10 §2.2: while it grows the size is the room that is wanted next', async () => {
    const blob = await fill(anna, { content: 'hel' })
    const grown = await anna.call('records.begin', { key: KEY, name: 'a.mp4', size: 20 })
    expect(blobIn(grown)).toBe(blob)
    const beyond = { key: KEY, name: 'a.mp4', size: 21 }
    expect(await anna.call('records.begin', beyond)).toBe('record.full')
    expect(await begin(ben, { key: `${KEY}b`, content: 'x' })).toBe('record.full')
    test.blobs.contents.set(blob, Buffer.from('hello'))
    expect(await finish(anna)).toBe('file.incomplete')
    expect(blobIn(await begin(anna, {}))).toBe(blob)
    expect(await finish(anna)).toMatchObject({ record: { size: 5 } })
    expect(await begin(ben, { key: `${KEY}b`, content: 'x'.repeat(15) })).toHaveProperty('path')
  })

  it('an upload with fewer bytes than arrived before begins anew', async () => {
    const blob = await fill(anna, { content: 'hello' })
    expect(blobIn(await begin(anna, { content: 'hel' }))).not.toBe(blob)
    expect(test.blobs.contents.has(blob)).toBe(false)
  })

  it('06 §9: nobody else sees, fetches, continues or removes it', async () => {
    const { id } = await put(anna)
    await fill(anna, { key: `${KEY}2`, content: 'h' })
    const stranger = await signIn('anna', `account-${account}-other`)
    for (const other of [ben, stranger]) {
      expect(await list(other)).toEqual([])
      expect(await other.call('records.url', { id })).toBe('file.unknown')
      expect(await other.call('records.remove', { id })).toBe('file.unknown')
      expect(await finish(other)).toBe('file.unknown')
    }
    expect(await begin(ben, { key: `${KEY}2` })).toBe('record.owner')
    await ben.call('records.cancel', { key: `${KEY}2` })
    expect(await stranger.call('records.usage')).toMatchObject({ used: 0 })
    expect(test.blobs.contents.size).toBe(2)
    const shown = (await anna.call('records.url', { id })) as { path: string }
    expect(shown.path).toContain('show=video%2Fmp4')
    const saved = (await anna.call('records.url', { id, download: true })) as { path: string }
    expect(saved.path).not.toContain('show=video%2Fmp4')
    expect(await anna.call('records.remove', { id })).toEqual({})
    expect(await anna.call('records.remove', { id })).toBe('file.unknown')
  })

  it('06 §9: whoever is connected only may not; a guest in a meeting may, for its stay', async () => {
    const meeting = (await anna.call('meetings.create', {
      subject: '',
      withPassword: false,
    })) as MeetingInfo
    const guest = new TestPage(test)
    guest.hello()
    expect(await begin(guest, {})).toBe('login.required')
    await guest.enter(meeting.id, '', { userID: 'carl' })
    const record = await put(guest)
    expect(record).toMatchObject({ owner: 'carl', ownerName: 'n', meeting: meeting.id })
    expect(await list(guest)).toEqual([record])
    await fill(guest, { key: `${KEY}2`, content: 'hel' })
    await guest.call('meetings.exit')
    await guest.enter(meeting.id, '', { userID: 'carl' })
    expect(await list(guest)).toEqual([])
    await put(guest, { key: `${KEY}2` })
    expect(await list(guest)).toHaveLength(1)
    await guest.call('meetings.exit')
    const carl = await signIn('carl')
    expect(await list(carl)).toEqual([])
    expect(await carl.call('records.url', { id: record.id })).toBe('file.unknown')
    expect(await begin(carl, { key: `${KEY}b`, to: record.path })).toBe('record.owner')
  })

  it('a list comes in pages that hold while recordings go', async () => {
    for (let i = 0; i < 5; i++) {
      test.clock.advance(1)
      await put(anna, { key: KEY + i, content: String(i) })
    }
    const first = await list(anna, { limit: 2 })
    const before = first.at(-1)?.id
    await anna.call('records.remove', { id: before })
    const rest = await list(anna, { limit: 10, before })
    expect([...first, ...rest].map(({ createdAt }) => createdAt - test.clock.now())).toEqual([
      0, -1, -2, -3, -4,
    ])
    expect(await anna.call('records.list', { limit: 101 })).toBe('param.invalid')
  })

  it('one user has at most 50 unfinished uploads', async () => {
    for (let i = 0; i < 50; i++) await begin(anna, { key: KEY + i, content: '' })
    expect(await begin(anna, { key: `${KEY}x`, content: '' })).toBe('record.full')
    expect(await begin(ben, { key: `${KEY}y`, content: '' })).toHaveProperty('path')
  })
})

describe('clean-up of recordings', () => {
  it('06 §9: what nobody goes on with goes after a day, a confirmed one never', async () => {
    const clock = createFakeClock()
    const storage = await createTestStorage()
    const blobs = memoryBlobs()
    const manifests = testManifests(blobs, clock)
    const ids = createSeededIds(1)
    const deps = { table: storage.records, blobs, clock, ids, limit: 100, manifests }
    const who = { account: 'a', userID: 'u', nickName: '', seat: '', meeting: 0 }
    const records = new Records(deps, silentLog)
    await records.start()
    const done = await records.begin(who, { key: 'done', name: 'a', size: 1 })
    blobs.contents.set(done, Buffer.from('x'))
    const finished = { key: 'done', size: 1, md5: md5('x'), duration: 0, mimeType: '' }
    await records.finish(who, finished)
    await records.begin(who, { key: 'half', name: 'a', size: 9 })
    clock.advance(23 * 3_600_000)
    await records.begin(who, { key: 'half', name: 'a', size: 9 })
    clock.advance(23 * 3_600_000)
    await records.usage('a')
    expect(blobs.contents.size).toBe(2)
    clock.advance(2 * 3_600_000)
    await expect.poll(() => [...blobs.contents.keys()]).toEqual([done])

    blobs.contents.set('rec-left-behind', Buffer.from('x'))
    blobs.contents.set('nd-other', Buffer.from('x'))
    records.close()
    const next = new Records(deps, silentLog)
    await next.start()
    expect([...blobs.contents.keys()]).toEqual([done, 'nd-other'])
    expect(await next.list('a', who, {})).toHaveLength(1)
    next.close()

    // Somebody gives the server another database beside the same files.
    const other = await createTestStorage()
    const wary = new Records({ ...deps, table: other.records }, silentLog)
    await wary.start()
    expect([...blobs.contents.keys()]).toEqual([done, 'nd-other'])
    wary.close()
    await other.close()
    expect(clock.pending()).toBe(0)
    await storage.close()
  }, 60_000)
})

import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchFace } from '../support/browser.ts'
import { ClassicPage } from '../support/classic.ts'
import { startCutProxy } from '../support/cut-proxy.ts'
import { eventually } from '../support/eventually.ts'
import { RED } from '../support/media-files.ts'
import { type MeetingRef, meetingOf } from '../support/meeting-of.ts'
import {
  expectWhole,
  MIB,
  oncePast,
  PROGRESS,
  prepareHash,
  progressOf,
  putRandom,
  sha256,
} from '../support/net-files.ts'
import { hostPages } from '../support/page-host.ts'
import { type RunningServer, startServer } from '../support/server.ts'

const NAMES = [
  '中文 文件.txt',
  `it's "quoted" & <b>.txt`,
  '..\\..\\..\\etc\\passwd',
  '../../up.txt',
  `${'长'.repeat(251)}.txt`,
]

/** Leaves a slow machine the time to do something in the middle of an upload. */
const CRAWL = 'CRVideo_SetFileUploadRate(64 * 1024)'

describe('the net disk of a meeting', () => {
  let server: RunningServer
  let host: Awaited<ReturnType<typeof hostPages>>
  let proxy: Awaited<ReturnType<typeof startCutProxy>>
  let browser: Browser
  let ann: ClassicPage
  let bob: ClassicPage
  let meeting: MeetingRef
  const pages: ClassicPage[] = []
  const open = async (address = server.url) => {
    const page = await ClassicPage.open(browser, host.url, address, { prepare: prepareHash })
    pages.push(page)
    return page
  }
  const upload = async (page: ClassicPage, path: string, type = 0) => {
    const id = await page.call<string>('CRVideo_MakeNetDiskFileID', type, path)
    await page.call('CRVideo_Uploadnetdiskfile', id, path)
    return id
  }
  const percentOf = async (page: ClassicPage, id: string) =>
    (await progressOf(page, id)).at(-1)?.[0] ?? -1

  beforeAll(async () => {
    server = await startServer({ NET_DISK_MB: '160' })
    host = await hostPages(server.url)
    proxy = await startCutProxy(server.port)
    browser = await launchFace(RED)
    ann = await open(proxy.url)
    bob = await open()
    meeting = await meetingOf([
      [ann, 'ann'],
      [bob, 'bob'],
    ])
  })
  afterAll(async () => {
    for (const page of pages) await page.finish()
    await browser.close()
    await proxy.close()
    await host.close()
    await server.stop()
    server.forget()
  })

  it('06 §2: an upload appears in the list of others, and they get the same bytes', async () => {
    const sum = await putRandom(ann, '会议 "1".bin', 3 * MIB)
    await ann.mark()
    const id = await upload(ann, '会议 "1".bin')
    expect(id).toMatch(/^0_[0-9a-f]{32}_会议__1_\.bin$/)
    await ann.next(PROGRESS, id, 100)
    expectWhole(await progressOf(ann, id), 1)

    await bob.mark()
    await bob.call('CRVideo_GetNetDiskFileList')
    const [[file]] = (await bob.next('CRVideo_GetNetDiskFileListRslt')) as [
      Record<string, unknown>[],
    ]
    expect(file).toMatchObject({
      fileID: id,
      name: id,
      ownerID: 'ann',
      ownerName: 'Nick ann',
      orgFileName: '会议 "1".bin',
      size: 3 * MIB,
      orgSize: 3 * MIB,
      status: 0,
    })
    expect(file?.ctime).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/)
    await bob.call('CRVideo_GetNetDiskSummary')
    expect(await bob.next('CRVideo_GetNetDiskSummaryRslt')).toEqual([160 * 1024, 3 * 1024])
    await bob.call('CRVideo_Downloadnetdiskfile', id, '')
    await bob.next(PROGRESS, id, 100)
    expectWhole(await progressOf(bob, id), 0)
    expect(await sha256(bob, '/Store-bob/NetDisk/会议 "1".bin')).toBe(sum)
    await bob.call('CRVideo_Downloadnetdiskfile', id, 'mine\\')
    await eventually(async () => expect(await sha256(bob, 'mine/会议 "1".bin')).toBe(sum))
  })

  it('06 §1: names of every kind come through and never leave their folder', async () => {
    for (const [i, name] of NAMES.entries()) {
      await ann.mark()
      await bob.mark()
      const id = `free-${i}`
      await ann.page.evaluate(
        ([fileID, given]) =>
          (
            window as unknown as Record<string, (...x: unknown[]) => void>
          ).CRVideo_Uploadnetdiskfile?.(fileID, new File(['content'], given as string)),
        [id, name],
      )
      await ann.next(PROGRESS, id, 100)
      await bob.call('CRVideo_Downloadnetdiskfile', id, 'in/')
      await bob.next(PROGRESS, id, 100)
      const last = name.split(/[\\/]/).at(-1)
      expect(await bob.read(`CRVideo.vfs.exists(${JSON.stringify(`/Store-bob/in/${last}`)})`)).toBe(
        true,
      )
    }
    await bob.call('CRVideo_GetNetDiskFileList')
    const [list] = (await bob.next('CRVideo_GetNetDiskFileListRslt')) as [{ fileID: string }[]]
    expect(list.filter(({ fileID }) => fileID.startsWith('free-'))).toEqual([])
  })

  it('06 §1: 50 MiB arrive unharmed although every connection breaks in the middle', async () => {
    const sum = await putRandom(ann, 'big.bin', 50 * MIB)
    await ann.mark()
    await ann.call('CRVideo_SetFileUploadRate', 20 * MIB)
    const id = await upload(ann, 'big.bin')
    await eventually(async () => expect(await percentOf(ann, id)).toBeGreaterThan(20))
    proxy.cut()
    await eventually(async () => expect(await percentOf(ann, id)).toBeGreaterThan(60), 20_000)
    proxy.cut()
    await ann.nextWithin(45_000, PROGRESS, id, 100)
    await ann.call('CRVideo_SetFileUploadRate', 0)
    expectWhole(await progressOf(ann, id), 1)

    // Back to the one who has the cut wire.
    await ann.mark()
    await ann.call('CRVideo_Downloadnetdiskfile', id, 'back.bin')
    await ann.next(PROGRESS, id, 0)
    proxy.cut()
    await ann.nextWithin(45_000, PROGRESS, id, 100)
    expectWhole(await progressOf(ann, id), 0)
    expect(await sha256(ann, 'back.bin')).toBe(sum)
    await ann.call('CRVideo_Deletenetdiskfile', id)
    await ann.next('CRVideo_NotifyNetDiskFileDeleteRslt', id, 1)
  }, 120_000)

  it('06 §2: a pause stands still and goes on from there; cancelling leaves nothing', async () => {
    await putRandom(ann, 'slow.bin', 4 * MIB)
    await ann.mark()
    await ann.call('CRVideo_SetFileUploadRate', MIB)
    await oncePast(ann, 15, 'CRVideo_SetNetDiskTransportPause(id, 1)')
    const id = await upload(ann, 'slow.bin')
    await eventually(async () => expect(await percentOf(ann, id)).toBeGreaterThan(15))
    // What was on its way arrives.
    await eventually(async () => {
      const paused = await progressOf(ann, id)
      await ann.page.waitForTimeout(1500)
      expect(await progressOf(ann, id)).toEqual(paused)
    })
    expect(await percentOf(ann, id)).toBeLessThan(100)
    await ann.call('CRVideo_SetNetDiskTransportPause', id, 0)
    await ann.call('CRVideo_SetFileUploadRate', 0)
    await ann.next(PROGRESS, id, 100)
    expectWhole(await progressOf(ann, id), 1)

    await ann.mark()
    await ann.call('CRVideo_SetFileUploadRate', MIB)
    await oncePast(ann, 15, 'CRVideo_Canclenetdiskfile(id)')
    const other = await upload(ann, 'slow.bin')
    await eventually(async () => expect(await percentOf(ann, other)).toBeGreaterThan(15))
    await ann.mark()
    const used = async () => {
      await ann.mark()
      await ann.call('CRVideo_GetNetDiskSummary')
      return (await ann.next('CRVideo_GetNetDiskSummaryRslt'))[1] as number
    }
    await eventually(async () => expect(await used()).toBeLessThan(8 * 1024))
    expect(await progressOf(ann, other)).toEqual([])
    await ann.call('CRVideo_SetFileUploadRate', 0)
  })

  it('06 §8: the rate is for all uploads together, averaged over a second', async () => {
    for (const name of ['r1', 'r2']) await putRandom(ann, name, MIB)
    await ann.mark()
    await ann.call('CRVideo_SetFileUploadRate', 512 * 1024)
    const from = Date.now()
    const ids = [await upload(ann, 'r1'), await upload(ann, 'r2')]
    for (const id of ids) await ann.next(PROGRESS, id, 100)
    const seconds = (Date.now() - from) / 1000
    expect(seconds).toBeGreaterThan(3.4)
    // Four, and what a busy machine does around them.
    expect(seconds).toBeLessThan(12)
    await ann.call('CRVideo_SetFileUploadRate', 0)
    const log = await ann.sinceMark([PROGRESS])
    expect(log.length).toBeGreaterThan(8)
  })

  it('06 §1.1: what does not fit is refused before the first byte, with its particulars', async () => {
    await bob.read(`CRVideo.vfs.put('huge.bin', new Blob([new Uint8Array(170 * 1024 * 1024)]))`)
    await bob.mark()
    const id = await upload(bob, 'huge.bin')
    await bob.next(PROGRESS, id)
    const [full, failed] = await bob.sinceMark(['CRVideo_NotifyNetDiskIsFull', PROGRESS])
    expect(full).toMatchObject({
      args: [[{ fileID: id, orgFileName: 'huge.bin', size: 170 * MIB, ownerID: 'bob' }]],
    })
    expect(failed?.args).toEqual([id, 0, 0, 1])
  })

  it('06 §2, §9: only the owner replaces, only owner and creator delete; what is wrong fails', async () => {
    await putRandom(bob, 'his.bin', 1000)
    await putRandom(ann, 'hers.bin', 1000)
    await bob.mark()
    await ann.mark()
    const his = await upload(bob, 'his.bin')
    await bob.next(PROGRESS, his, 100)
    await ann.call('CRVideo_Uploadnetdiskfile', his, 'hers.bin')
    expect(await ann.next(PROGRESS, his)).toEqual([his, 0, 0, 1])
    const hers = await upload(ann, 'hers.bin')
    await ann.next(PROGRESS, hers, 100)
    await bob.call('CRVideo_Deletenetdiskfile', hers)
    expect(await bob.next('CRVideo_NotifyNetDiskFileDeleteRslt', hers)).toEqual([hers, 0])
    await ann.call('CRVideo_Deletenetdiskfile', his)
    expect(await ann.next('CRVideo_NotifyNetDiskFileDeleteRslt', his)).toEqual([his, 1])
    await bob.call('CRVideo_Deletenetdiskfile', his)
    expect(await bob.next('CRVideo_NotifyNetDiskFileDeleteRslt', his)).toEqual([his, 0])

    await bob.mark()
    await bob.call('CRVideo_Downloadnetdiskfile', 'unknown', 'x')
    expect(await bob.next(PROGRESS, 'unknown')).toEqual(['unknown', 0, 0, 0])
    await bob.call('CRVideo_Uploadnetdiskfile', 'no-source', 'nowhere.bin')
    expect(await bob.next(PROGRESS, 'no-source')).toEqual(['no-source', 0, 0, 1])
    await bob.call('CRVideo_Uploadnetdiskfile', '', 'his.bin')
    expect(await bob.next(PROGRESS, '')).toEqual(['', 0, 0, 1])
  })

  it('06 §2: a file deleted while another page downloads it fails there', async () => {
    await putRandom(bob, 'doomed.bin', 60 * MIB)
    await bob.mark()
    const id = await upload(bob, 'doomed.bin', 1)
    await bob.nextWithin(45_000, PROGRESS, id, 100)
    await ann.mark()
    await oncePast(ann, -1, 'CRVideo_SetNetDiskTransportPause(id, true)')
    await ann.call('CRVideo_Downloadnetdiskfile', id, 'doomed.bin')
    await ann.next(PROGRESS, id, 0)
    await bob.call('CRVideo_Deletenetdiskfile', id)
    await bob.next('CRVideo_NotifyNetDiskFileDeleteRslt', id, 1)
    await ann.call('CRVideo_SetNetDiskTransportPause', id, false)
    await eventually(async () => expect((await progressOf(ann, id)).at(-1)?.[1]).toBe(0))
    expect(await ann.read(`CRVideo.vfs.exists('doomed.bin')`)).toBe(false)
  }, 90_000)

  it('06 §1: after a reload of the page the upload goes on where it stopped', async () => {
    const carl = await open()
    await carl.login('carl')
    await carl.enter(meeting, 'carl')
    const sum = await putRandom(carl, 'again.bin', 6 * MIB)
    await carl.mark()
    await carl.call('CRVideo_SetFileUploadRate', 2 * MIB)
    await oncePast(carl, 40, CRAWL)
    await carl.call('CRVideo_Uploadnetdiskfile', 'again', 'again.bin')
    await eventually(async () => expect(await percentOf(carl, 'again')).toBeGreaterThan(40))
    await carl.reload()
    await carl.mark()
    await carl.login('carl')
    await carl.enter(meeting, 'carl')
    await carl.mark()
    await carl.call('CRVideo_SetFileUploadRate', MIB)
    await carl.call('CRVideo_Uploadnetdiskfile', 'again', 'again.bin')
    await carl.next(PROGRESS, 'again', 100)
    const events = await progressOf(carl, 'again')
    expectWhole(events, 1)
    expect(events[1]?.[0]).toBeGreaterThanOrEqual(40)
    await carl.call('CRVideo_Downloadnetdiskfile', 'again', 'copy.bin')
    await carl.next(PROGRESS, 'again', 100, 1, 0)
    expect(await sha256(carl, 'copy.bin')).toBe(sum)
  })

  it('06 §1: another file of the same name and size is never mixed with what was begun', async () => {
    const carl = pages.at(-1) as ClassicPage
    await carl.mark()
    await putRandom(carl, 'same.bin', 4 * MIB)
    await carl.call('CRVideo_SetFileUploadRate', MIB)
    await oncePast(carl, 30, CRAWL)
    await carl.call('CRVideo_Uploadnetdiskfile', 'same', 'same.bin')
    await eventually(async () => expect(await percentOf(carl, 'same')).toBeGreaterThan(30))
    await carl.reload()
    await carl.mark()
    await carl.login('carl')
    await carl.enter(meeting, 'carl')
    const sum = await putRandom(carl, 'same.bin', 4 * MIB)
    await carl.mark()
    await carl.call('CRVideo_Uploadnetdiskfile', 'same', 'same.bin')
    await carl.next(PROGRESS, 'same', 100)
    expectWhole(await progressOf(carl, 'same'), 1)
    await carl.call('CRVideo_Downloadnetdiskfile', 'same', 'copy.bin')
    await carl.next(PROGRESS, 'same', 100, 1, 0)
    expect(await sha256(carl, 'copy.bin')).toBe(sum)
  })

  it('06 §1: a crash of the server costs an upload nothing', async () => {
    await putRandom(ann, 'crash.bin', 12 * MIB)
    await ann.mark()
    await ann.call('CRVideo_SetFileUploadRate', 3 * MIB)
    await oncePast(ann, 30, CRAWL)
    await ann.call('CRVideo_Uploadnetdiskfile', 'crash', 'crash.bin')
    await eventually(async () => expect(await percentOf(ann, 'crash')).toBeGreaterThan(30))
    await server.kill()
    server = await startServer({ NET_DISK_MB: '160', PORT: String(server.port) }, server.dataDir)
    await ann.call('CRVideo_SetFileUploadRate', 0)
    await eventually(async () => expect(await percentOf(ann, 'crash')).toBe(100), 30_000)
    expectWhole(await progressOf(ann, 'crash'), 1)
    await ann.call('CRVideo_Downloadnetdiskfile', 'crash', 'copy.bin')
    await ann.next(PROGRESS, 'crash', 100, 1, 0)
    expect(await sha256(ann, 'copy.bin')).toBe(await sha256(ann, 'crash.bin'))
  })

  it('06 §1.1: a meeting ended by others fails the transfer first; leaving says nothing', async () => {
    const carl = pages.at(-1) as ClassicPage
    for (const page of [bob, carl]) {
      await putRandom(page, 'end.bin', 4 * MIB)
      await page.mark()
      await page.call('CRVideo_SetFileUploadRate', MIB)
      await oncePast(page, 10, CRAWL)
    }
    await bob.call('CRVideo_Uploadnetdiskfile', 'end-bob', 'end.bin')
    await carl.call('CRVideo_Uploadnetdiskfile', 'end-carl', 'end.bin')
    await eventually(async () => expect(await percentOf(bob, 'end-bob')).toBeGreaterThan(10))
    await eventually(async () => expect(await percentOf(carl, 'end-carl')).toBeGreaterThan(10))
    await carl.call('CRVideo_ExitMeeting')
    await carl.mark()
    await ann.call('CRVideo_DestroyMeeting', meeting.ID)
    await bob.next('CRVideo_MeetingStopped')
    const slots = (await bob.sinceMark([PROGRESS, 'CRVideo_MeetingStopped'])).slice(-2)
    expect(slots.map(({ slot }) => slot)).toEqual([PROGRESS, 'CRVideo_MeetingStopped'])
    expect(slots[0]?.args.slice(2)).toEqual([0, 1])
    expect(slots[0]?.args[1]).toBeGreaterThan(10)
    expect(await progressOf(carl, 'end-carl')).toEqual([])

    await bob.mark()
    await bob.call('CRVideo_Uploadnetdiskfile', 'late', 'end.bin')
    expect(await bob.next(PROGRESS, 'late')).toEqual(['late', 0, 0, 1])
    await bob.call('CRVideo_GetNetDiskSummary')
    expect(await bob.next('CRVideo_GetNetDiskSummaryRslt')).toEqual([0, 0])
    await bob.call('CRVideo_GetNetDiskFileList')
    expect(await bob.next('CRVideo_GetNetDiskFileListRslt')).toEqual([[]])
    await bob.call('CRVideo_Deletenetdiskfile', 'late')
    expect(await bob.next('CRVideo_NotifyNetDiskFileDeleteRslt')).toEqual(['late', 0])
  })
})

import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchFace, openPage } from '../support/browser.ts'
import { ClassicPage } from '../support/classic.ts'
import { eventually } from '../support/eventually.ts'
import { RED } from '../support/media-files.ts'
import { hostPages } from '../support/page-host.ts'
import { type RunningServer, startServer } from '../support/server.ts'

describe('the virtual file store', () => {
  let server: RunningServer
  let host: Awaited<ReturnType<typeof hostPages>>
  let browser: Browser
  const pages: ClassicPage[] = []
  const open = async () => {
    const p = await ClassicPage.open(browser, host.url, server.url)
    pages.push(p)
    return p
  }

  beforeAll(async () => {
    server = await startServer()
    host = await hostPages(server.url)
    browser = await launchFace(RED)
  })
  afterAll(async () => {
    for (const p of pages) await p.finish()
    await browser.close()
    await host.close()
    await server.stop()
    server.forget()
  })

  it('00 §9: files persist over a reload, listed at once, by any spelling of their path', async () => {
    const p = await open()
    await p.call('CRVideo_Init2', 'http://pages.example/work/')
    await p.read(`CRVideo.vfs.put('img\\\\\\\\会议 "1".txt', '内容')`)
    await p.page.reload()
    await p.call('CRVideo_Init2', 'http://pages.example/work')
    const key = 'http://pages.example/work/img/会议 "1".txt'
    expect(await p.read(`CRVideo.vfs.list('img').map(({ path, size }) => [path, size])`)).toEqual([
      [key, 6],
    ])
    expect(await p.read(`CRVideo.vfs.get(${JSON.stringify(key)}).then((f) => f.text())`)).toBe(
      '内容',
    )
    expect(
      await p.read(`(async () => {
        const url = await CRVideo.vfs.url('img//会议 "1".txt')
        const text = await (await fetch(url)).text()
        URL.revokeObjectURL(url)
        return text
      })()`),
    ).toBe('内容')
    expect(await p.read(`CRVideo.vfs.remove('img/会议 "1".txt')`)).toBe(true)
    expect(await p.read(`CRVideo.vfs.exists('img/会议 "1".txt')`)).toBe(false)
    expect(await p.read(`CRVideo.vfs.get('img/会议 "1".txt')`)).toBeNull()
  })

  it('00 §9: saveAs hands a file to the user', async () => {
    const p = await open()
    await p.read(`CRVideo.vfs.put('dir/a.txt', 'for you')`)
    const [download] = await Promise.all([
      p.page.waitForEvent('download'),
      p.read(`CRVideo.vfs.saveAs('dir/a.txt')`),
    ])
    expect(download.suggestedFilename()).toBe('a.txt')
  })

  it('13 §1.4: a saved picture is in the store at once, and its content follows', async () => {
    const p = await open()
    await p.login('painter')
    await p.mark()
    await p.call('CRVideo_CreateMeeting', 's', 0)
    const [meeting] = (await p.next('CRVideo_CreateMeetingSuccess')) as [
      { ID: number; pswd: string },
    ]
    await p.enter(meeting, 'painter')
    await p.call('CRVideo_OpenVideo', 'painter')
    await p.read(`show('painter')`)
    await eventually(async () => expect(await p.look('painter')).not.toBeNull())
    const [download, [code, known]] = await Promise.all([
      p.page.waitForEvent('download'),
      p.read<[number, boolean]>(`[
        views.painter.savePic('http://x.example/pics/me.png'),
        CRVideo.vfs.exists('http://x.example/pics/me.png'),
      ]`),
    ])
    expect([code, known, download.suggestedFilename()]).toEqual([0, true, 'me.png'])
    expect(
      await p.read(`CRVideo.vfs.get('http://x.example/pics/me.png')
        .then((f) => f.slice(1, 4).text())`),
    ).toBe('PNG')
  })

  it('00 §9: without a private file system the database keeps files over a reload', async () => {
    const { page } = await openPage(browser, `${host.url}/classic.html`)
    const hide = () =>
      Object.defineProperty(navigator.storage, 'getDirectory', { value: undefined })
    await page.addInitScript(hide)
    await page.reload()
    await page.evaluate(`CRVideo.vfs.put('kept.txt', 'in the database')`)
    await page.reload()
    expect(await page.evaluate(`CRVideo.vfs.get('kept.txt').then((f) => f.text())`)).toBe(
      'in the database',
    )
    await page.context().close()
  })
})

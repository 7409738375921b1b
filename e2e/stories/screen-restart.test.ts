import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchFace } from '../support/browser.ts'
import { ClassicPage } from '../support/classic.ts'
import { eventually } from '../support/eventually.ts'
import { RED } from '../support/media-files.ts'
import { meetingOf } from '../support/meeting-of.ts'
import { hostPages } from '../support/page-host.ts'
import { freeTcpPort, freeUdpPort, type RunningServer, startServer } from '../support/server.ts'

const SHARE_SLOTS = [
  'CRVideo_StopScreenShareRslt',
  'CRVideo_NotifyScreenShareStarted',
  'CRVideo_NotifyScreenShareStopped',
  'CRVideo_MeetingDropped',
  'CRVideo_NotifyGiveCtrlRight',
  'CRVideo_NotifyReleaseCtrlRight',
]

describe('09: the server is killed while a screen is shared', () => {
  let server: RunningServer
  let host: Awaited<ReturnType<typeof hostPages>>
  let env: Record<string, string>
  let browser: Browser
  const pages: ClassicPage[] = []

  beforeAll(async () => {
    env = { PORT: String(await freeTcpPort()), MEDIA_PORT: String(await freeUdpPort()) }
    server = await startServer(env)
    host = await hostPages(server.url)
    browser = await launchFace(RED)
    for (const _ of ['ann', 'ben'])
      pages.push(await ClassicPage.open(browser, host.url, server.url))
  })

  afterAll(async () => {
    for (const page of pages) await page.finish()
    await browser.close()
    await host.close()
    await server.stop()
    server.forget()
  })

  it('share, strokes and the control right go on after kill -9 and a restart, and nobody is told of an end', async () => {
    const [ann, ben] = pages as [ClassicPage, ClassicPage]
    await ben.read('showShare()')
    await meetingOf([
      [ann, 'ann'],
      [ben, 'ben'],
    ])
    const moves = () =>
      eventually(async () => {
        const first = await ben.look('share')
        expect(first?.width).toBe(1280)
        await new Promise((r) => setTimeout(r, 300))
        expect((await ben.look('share'))?.print).not.toBe(first?.print)
      }, 30_000)
    await ann.call('CRVideo_StartScreenShare')
    await ann.next('CRVideo_StartScreenShareRslt', 0)
    await moves()
    await ben.read('views.share.enableMarked(true)')
    const box = await ben.page.locator('#views > .crv-share').boundingBox()
    if (!box) throw new Error('The view is not there')
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2]
    await ben.page.mouse.move(x - 40, y)
    await ben.page.mouse.down()
    await ben.page.mouse.move(x, y, { steps: 4 })
    /** Points of the only stroke, from a container that was made now. */
    const drawn = (page: ClassicPage) =>
      page.read<number>(`(() => {
        const canvas = [...document.querySelectorAll('.crv-share canvas')].at(-1)
        const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
        let points = 0
        for (let i = 3; i < data.length; i += 4) if (data[i] > 0) points++
        return points
      })()`)
    await ann.read('showShare()')
    await eventually(async () => expect(await drawn(ann)).toBeGreaterThan(50))
    await ann.read(`(() => {
      window.mice = 0
      addEventListener('crvideo-remote-mouse', () => { mice++ })
    })()`)
    await ann.call('CRVideo_GiveCtrlRight', 'ben')
    await ben.next('CRVideo_NotifyGiveCtrlRight', 'ann', 'ben')
    await ann.next('CRVideo_NotifyGiveCtrlRight', 'ann', 'ben')
    await ann.mark()
    await ben.mark()
    const before = await drawn(ann)
    await server.kill()
    // The pen goes on while nobody listens.
    await ben.page.mouse.move(x + 60, y, { steps: 4 })
    await ben.page.mouse.up()
    server = await startServer(env, server.dataDir)
    await ben.call('CRVideo_GetMeetings', 'after')
    await ben.next('CRVideo_GetMeetingsSuccess')
    await moves()
    await eventually(async () => expect(await drawn(ann)).toBeGreaterThan(1.4 * before))
    expect(await ann.read('document.querySelector(".crv-control-badge") !== null')).toBe(true)
    expect(await ann.read('mice')).toBe(0)
    await ben.call('CRVideo_SendMouseCtrlMsg', 0, 0, 5, 5)
    await eventually(async () => expect(await ann.read('mice')).toBe(1))
    for (const page of [ann, ben]) expect(await page.sinceMark(SHARE_SLOTS)).toEqual([])
    await ann.page.keyboard.press('Escape')
    await ben.next('CRVideo_NotifyReleaseCtrlRight', 'ann', 'ben')
    await ann.call('CRVideo_StopScreenShare')
    await ben.next('CRVideo_NotifyScreenShareStopped', 'ann')
  })
})

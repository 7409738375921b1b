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

  it('the share goes on after kill -9 and a restart, and nobody is told of an end', async () => {
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
    await ann.mark()
    await ben.mark()
    await server.kill()
    server = await startServer(env, server.dataDir)
    await ben.call('CRVideo_GetMeetings', 'after')
    await ben.next('CRVideo_GetMeetingsSuccess')
    await moves()
    for (const page of [ann, ben]) expect(await page.sinceMark(SHARE_SLOTS)).toEqual([])
    await ann.call('CRVideo_StopScreenShare')
    await ben.next('CRVideo_NotifyScreenShareStopped', 'ann')
  })
})

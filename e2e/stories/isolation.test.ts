import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { launchFace } from '../support/browser.ts'
import { ClassicPage } from '../support/classic.ts'
import { eventually } from '../support/eventually.ts'
import { BLUE, GREEN, RED } from '../support/media-files.ts'
import { hostPages } from '../support/page-host.ts'
import { type RunningServer, startServer } from '../support/server.ts'

let server: RunningServer
let host: Awaited<ReturnType<typeof hostPages>>
const browsers: Browser[] = []
const pages: ClassicPage[] = []

beforeAll(async () => {
  server = await startServer()
  host = await hostPages(server.url)
  for (const face of [RED, GREEN, BLUE]) browsers.push(await launchFace(face))
})

afterAll(async () => {
  for (const p of pages) await p.finish()
  for (const b of browsers) await b.close()
  await host.close()
  await server.stop()
  server.forget()
})

it('07 §1: meetings side by side see and hear nothing of each other', async () => {
  for (const [n, browser] of [0, 1, 2].map((i) => [i, browsers[i] as Browser] as const)) {
    const p = await ClassicPage.open(browser, host.url, server.url)
    pages.push(p)
    await p.login(`user${n}`)
    await p.call('CRVideo_CreateMeeting', `meeting ${n}`, 0)
    const [meet] = await p.next('CRVideo_CreateMeetingSuccess')
    await p.enter(meet as { ID: number; pswd: string }, `user${n}`)
    await p.call('CRVideo_OpenMic', `user${n}`)
    await p.call('CRVideo_OpenVideo', `user${n}`)
    await p.next('CRVideo_VideoStatusChanged', `user${n}`, 4, 3)
    await p.next('CRVideo_AudioStatusChanged', `user${n}`, 4, 3)
  }
  for (const [n, p] of pages.entries()) {
    for (const other of [0, 1, 2]) await p.read(`show("user${other}")`)
    await eventually(async () => expect(await p.read(`views.user${n}.isPicEmpty()`)).toBe(false))
  }
  await new Promise((r) => setTimeout(r, 1500))
  for (const [n, p] of pages.entries()) {
    for (const other of [0, 1, 2].filter((o) => o !== n)) {
      expect(await p.read(`views.user${other}.isPicEmpty()`)).toBe(true)
      expect(await p.call('CRVideo_GetAudioStatus', `user${other}`)).toBe(0)
    }
    expect(JSON.parse(await p.call<string>('CRVideo_GetAllMembers'))).toHaveLength(1)
    expect(await p.listen()).toEqual([])
    expect(await p.sinceMark(['CRVideo_UserEnterMeeting'])).toEqual([])
  }
})

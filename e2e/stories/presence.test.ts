import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { launchFace } from '../support/browser.ts'
import { ClassicPage } from '../support/classic.ts'
import { eventually } from '../support/eventually.ts'
import { RED } from '../support/media-files.ts'
import { hostPages } from '../support/page-host.ts'
import { type RunningServer, startServer } from '../support/server.ts'

interface Status {
  userID: string
  userStatus: number
  DNDType: number
  nickName: string
}

describe('02 §6, §7: presence and do-not-disturb in the classic API', () => {
  let server: RunningServer
  let host: Awaited<ReturnType<typeof hostPages>>
  let browser: Browser
  const pages: ClassicPage[] = []

  const login = async (userID: string) => {
    const page = await ClassicPage.open(browser, host.url, server.url)
    pages.push(page)
    await page.login(userID)
    await page.mark()
    return page
  }
  const meeting = async (page: ClassicPage) => {
    await page.call('CRVideo_CreateMeeting', 'm', 0)
    return (await page.next('CRVideo_CreateMeetingSuccess'))[0] as { ID: number; pswd: string }
  }
  /** Statuses of one user that a page was told of since its mark, in order. */
  const told = async (page: ClassicPage, userID: string) =>
    (await page.sinceMark(['CRVideo_NotifyUserStatus']))
      .map((s) => s.args[0] as Status)
      .filter((s) => s.userID === userID)
      .map((s) => s.userStatus)

  beforeAll(async () => {
    server = await startServer()
    host = await hostPages(server.url)
    browser = await launchFace(RED)
  })
  afterEach(async () => {
    for (const page of pages.splice(0)) await page.finish()
  })
  afterAll(async () => {
    await browser?.close()
    await host?.close()
    await server?.stop()
    server?.forget()
  })

  it('02 §6: without a login every function answers 9', async () => {
    const page = await ClassicPage.open(browser, host.url, server.url)
    pages.push(page)
    await page.call('CRVideo_Init2')
    await page.call('CRVideo_SetDNDStatus', 'x', 1)
    await page.call('CRVideo_GetUserStatus', 2)
    await page.call('CRVideo_StartUserStatusNotify', 3)
    await page.call('CRVideo_StopUserStatusNotify', 4)
    await page.next('CRVideo_StopUserStatusNotifyRslt')
    const seen = (await page.sinceMark()).filter((s) => s.slot.includes('Status'))
    expect(seen).toEqual([
      { slot: 'CRVideo_SetDNDStatusFail', args: [9, 1] },
      { slot: 'CRVideo_GetUserStatusFail', args: [9, 2] },
      { slot: 'CRVideo_StartUserStatusNotifyRslt', args: [9, 3] },
      { slot: 'CRVideo_StopUserStatusNotifyRslt', args: [9, 4] },
    ])
  })

  it('02 §6: the list has everybody online in order of login, with nickname and number', async () => {
    const first = await login('list-1')
    const second = await login('list-2')
    await second.call('CRVideo_SetDNDStatus', '7', 'dnd')
    expect(await second.next('CRVideo_SetDNDStatusSuccess')).toEqual(['dnd'])
    await second.call('CRVideo_SetDNDStatus', 'much', 'bad')
    expect(await second.next('CRVideo_SetDNDStatusFail')).toEqual([5, 'bad'])
    await first.call('CRVideo_GetUserStatus', { for: 'list' })
    const [list, cookie] = await first.next('CRVideo_GetUserStatusSuccess')
    expect(cookie).toEqual({ for: 'list' })
    expect(list).toEqual([
      { userID: 'list-1', userStatus: 1, DNDType: 0, nickName: 'Nick list-1' },
      { userID: 'list-2', userStatus: 1, DNDType: 7, nickName: 'Nick list-2' },
    ])
  })

  it('02 §7: a watcher sees login, meeting, do-not-disturb, a call and logout, with the last cookie', async () => {
    const watcher = await login('watcher')
    await watcher.call('CRVideo_StartUserStatusNotify', 'old')
    expect(await watcher.next('CRVideo_StartUserStatusNotifyRslt')).toEqual([0, 'old'])
    await watcher.call('CRVideo_StartUserStatusNotify', 'new')
    await watcher.next('CRVideo_StartUserStatusNotifyRslt', 0, 'new')
    await watcher.mark()
    const user = await login('user')
    const status = { userID: 'user', userStatus: 1, DNDType: 0, nickName: 'Nick user' }
    expect(await watcher.next('CRVideo_NotifyUserStatus', status)).toEqual([status, 'new'])
    await user.enter(await meeting(user), 'user')
    await watcher.next('CRVideo_NotifyUserStatus', { ...status, userStatus: 3 })
    await user.call('CRVideo_ExitMeeting')
    await eventually(async () => expect((await told(watcher, 'user')).at(-1)).toBe(1))
    await user.call('CRVideo_SetDNDStatus', 3)
    await watcher.next('CRVideo_NotifyUserStatus', { ...status, DNDType: 3 })
    await user.call('CRVideo_Call', 'watcher', { ID: 0 })
    await watcher.next('CRVideo_NotifyUserStatus', { ...status, userStatus: 2, DNDType: 3 })
    const own = { ...status, userID: 'watcher', nickName: 'Nick watcher' }
    await watcher.next('CRVideo_NotifyUserStatus', { ...own, userStatus: 2 })
    await user.call('CRVideo_Logout')
    await watcher.next('CRVideo_NotifyUserStatus', { ...status, userStatus: 0 })
    await eventually(async () => expect(await told(watcher, 'watcher')).toEqual([2, 1]))
    expect(await told(watcher, 'user')).toEqual([1, 3, 1, 1, 2, 0])
  })

  it('02 §7: after the result of stopping nothing is told any more; stopping again succeeds', async () => {
    const watcher = await login('stopper')
    await watcher.call('CRVideo_StartUserStatusNotify')
    await watcher.next('CRVideo_StartUserStatusNotifyRslt', 0)
    const user = await login('come-and-go')
    await watcher.next('CRVideo_NotifyUserStatus')
    await watcher.call('CRVideo_StopUserStatusNotify', 's')
    await watcher.next('CRVideo_StopUserStatusNotifyRslt', 0, 's')
    await watcher.mark()
    await user.call('CRVideo_SetDNDStatus', 1)
    await user.next('CRVideo_SetDNDStatusSuccess')
    await user.call('CRVideo_Logout')
    // Longer than changes may be gathered.
    await new Promise((r) => setTimeout(r, 600))
    await watcher.call('CRVideo_StopUserStatusNotify', 'again')
    await watcher.next('CRVideo_StopUserStatusNotifyRslt', 0, 'again')
    expect(await watcher.sinceMark(['CRVideo_NotifyUserStatus'])).toEqual([])
  })
})

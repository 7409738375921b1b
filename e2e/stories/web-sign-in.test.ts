import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { launchFace, openPage } from '../support/browser.ts'
import { eventually } from '../support/eventually.ts'
import { RED } from '../support/media-files.ts'
import { ACCOUNT, PASSWORD, type RunningServer, startServer } from '../support/server.ts'
import { at, createMeeting, DESKTOP, signIn } from '../support/web-app.ts'

let server: RunningServer
let browser: Browser
const contexts: BrowserContext[] = []

const open = async (path = '/'): Promise<Page> => {
  const { page } = await openPage(browser, server.url + path, { locale: 'en-US', ...DESKTOP })
  contexts.push(page.context())
  return page
}
const lobby = (page: Page) => at(page, 'create-meeting').waitFor()

beforeAll(async () => {
  server = await startServer()
  browser = await launchFace(RED)
})
afterEach(async () => {
  for (const context of contexts.splice(0)) await context.close()
})
afterAll(async () => {
  await browser.close()
  await server.stop()
  server.forget()
})

it('02 §3: a wrong password is said in plain words and can be mended', async () => {
  const page = await open()
  await at(page, 'login-account').fill(ACCOUNT)
  await at(page, 'login-password').fill('wrong')
  await at(page, 'login-name').fill('Ann')
  await at(page, 'login-submit').click()
  await page.getByText('The account or password is wrong.').waitFor()
  await signIn(page, 'Ann')
  await lobby(page)
})

it('a reload keeps me signed in under the same user ID, so my meetings stay mine', async () => {
  const page = await open()
  await signIn(page, 'Ann')
  await createMeeting(page, 'Mine')
  await page.goto(server.url)
  await lobby(page)
  await page.reload()
  await lobby(page)
  await page.getByRole('button', { name: 'End Mine for everyone' }).waitFor()
})

it('the plain password is kept nowhere in the browser', async () => {
  const page = await open()
  await signIn(page, 'Ann', { stay: true })
  await lobby(page)
  const kept = await page.evaluate(() =>
    JSON.stringify([{ ...localStorage }, { ...sessionStorage }]),
  )
  expect(kept).toContain(ACCOUNT)
  expect(kept).not.toContain(PASSWORD)
})

it('a login ends with the tab, unless the person wants to stay signed in on the device', async () => {
  const page = await open()
  await signIn(page, 'Ann')
  await lobby(page)
  const other = await page.context().newPage()
  await other.goto(server.url)
  await signIn(other, 'Ann', { stay: true })
  await lobby(other)
  await page.close()
  await other.close()
  const later = await contexts[0]?.newPage()
  await later?.goto(server.url)
  await lobby(later as Page)
})

it('02 §3: signing in elsewhere is said on the earlier page, which may take over again', async () => {
  const page = await open()
  await signIn(page, 'Ann', { stay: true })
  await lobby(page)
  const other = await page.context().newPage()
  await other.goto(server.url)
  await lobby(other)
  await page.getByText('You are signed in somewhere else').waitFor()
  await at(page, 'login-again').click()
  await lobby(page)
  await at(other, 'login-lost').waitFor()
})

it('signing out forgets the login', async () => {
  const page = await open()
  await signIn(page, 'Ann', { stay: true })
  await at(page, 'btn-logout').click()
  await at(page, 'login-submit').waitFor()
  await page.goto(server.url)
  await at(page, 'login-submit').waitFor()
})

it('a long list can be searched; recent meetings are at hand; an unknown address says so', async () => {
  const page = await open()
  await signIn(page, 'Ann')
  for (const subject of ['Alpha', 'Beta', 'Gamma', 'Delta', 'Epsilon', '周会']) {
    await at(page, 'create-subject').fill(subject)
    await at(page, 'create-meeting').click()
    await at(page, 'join-now').waitFor()
    await page.goto(server.url)
    await lobby(page)
  }
  const rows = page.locator('[data-testid^="meeting-"]')
  await at(page, 'search-meetings').fill('周')
  await eventually(async () => expect(await rows.count()).toBe(1))
  await at(page, 'search-meetings').fill('no such')
  await page.getByText('No meeting fits “no such”.').waitFor()
  expect(await page.locator('[data-testid^="recent-"]').count()).toBe(0)
  await at(page, 'search-meetings').fill('alpha')
  await page.getByRole('link', { name: 'Enter Alpha' }).click()
  await at(page, 'join-now').waitFor()
  await page.keyboard.press('Enter')
  await at(page, 'btn-leave').click()
  await page.getByRole('link', { name: 'Back to the lobby' }).click()
  await eventually(async () =>
    expect(await page.locator('[data-testid^="recent-"]').allTextContents()).toEqual([
      expect.stringContaining('Alpha'),
    ]),
  )
  await page.goto(`${server.url}/no/such/page`)
  await at(page, 'not-found').waitFor()
})

it('a server that is away is said in plain words, and trying again signs in', async () => {
  const page = await open()
  await signIn(page, 'Ann')
  await lobby(page)
  let blocked = true
  await page.routeWebSocket(/\/ws/, (ws) => {
    if (blocked) void ws.close()
    else ws.connectToServer()
  })
  await page.reload()
  await at(page, 'start-failed').waitFor()
  blocked = false
  await at(page, 'start-retry').click()
  await lobby(page)
})

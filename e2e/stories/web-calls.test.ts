import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { launchFace, openPage } from '../support/browser.ts'
import { eventually } from '../support/eventually.ts'
import { RED } from '../support/media-files.ts'
import { type RunningServer, startServer } from '../support/server.ts'
import { listenToSpeakers, loudest } from '../support/speaker.ts'
import { at, DESKTOP, PHONE, signIn, tiles } from '../support/web-app.ts'

describe('02 §6, 03 §4: people and calls in the web app', () => {
  let server: RunningServer
  let browser: Browser
  const pages: Page[] = []
  const errors: string[] = []

  const open = async (name: string, options: BrowserContextOptions = DESKTOP) => {
    const opened = await openPage(browser, 'about:blank', { locale: 'en-US', ...options })
    const { page } = opened
    pages.push(page)
    page.on('pageerror', (error) => errors.push(String(error)))
    await page.addInitScript(listenToSpeakers)
    await page.goto(server.url)
    await signIn(page, name)
    await at(page, 'people').waitFor()
    return page
  }
  const row = (page: Page, name: string) =>
    page.locator('li[data-testid^="person-"]').filter({ hasText: name })
  const call = (page: Page, name: string) => row(page, name).getByTestId('call-person').click()

  beforeAll(async () => {
    server = await startServer()
    browser = await launchFace(RED)
  })
  afterEach(async () => {
    for (const page of pages.splice(0)) await page.context().close()
    expect(errors.splice(0)).toEqual([])
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
    server?.forget()
  })

  it('everybody sees who is online, what they do, and do-not-disturb', async () => {
    const ann = await open('Ann')
    await ann.getByText('Nobody else is signed in.').waitFor()
    const bob = await open('Bob', PHONE)
    await row(ann, 'Bob').getByText('Free').waitFor()
    await row(bob, 'Ann').waitFor()
    await at(bob, 'own-dnd').check()
    await row(ann, 'Bob').getByTestId('person-dnd').waitFor()
    await call(ann, 'Bob')
    await at(ann, 'call-over').getByText('Bob is busy or does not want').waitFor()
    await at(ann, 'call-close').click()
    await at(bob, 'own-dnd').uncheck()
    await row(ann, 'Bob').getByTestId('person-dnd').waitFor({ state: 'detached' })
    await bob.close()
    await row(ann, 'Bob').waitFor({ state: 'detached' })
  })

  it('a call rings to be heard and seen; both are in the meeting after accepting, out after hanging up', async () => {
    const ann = await open('Ann')
    const bob = await open('Bob')
    await call(ann, 'Bob')
    await at(bob, 'call-incoming').getByText('Ann is calling').waitFor()
    await at(ann, 'call-outgoing').getByText('Ringing').waitFor()
    await eventually(async () => {
      const heard = await loudest(bob)
      expect(Math.min(Math.abs(heard - 440), Math.abs(heard - 554))).toBeLessThan(15)
    })
    await eventually(async () => expect(await bob.title()).toBe('Ann is calling'))
    await row(bob, 'Ann').getByText('In a call').waitFor()
    await at(bob, 'call-accept').click()
    for (const page of [ann, bob])
      await eventually(async () => expect(await tiles(page).count()).toBe(2))
    await eventually(async () => expect(await loudest(bob)).toBe(0))
    expect(await bob.title()).not.toBe('Ann is calling')
    await at(ann, 'btn-leave').click()
    await bob.getByText('Ann ended the call').waitFor()
    await at(bob, 'meeting-over').waitFor()
  })

  it('refused, cancelled and calling again say so in plain words', async () => {
    const ann = await open('Ann')
    const bob = await open('Bob', { ...PHONE, locale: 'zh-CN' })
    await call(ann, 'Bob')
    await bob.getByText('Ann来电').waitFor()
    await at(bob, 'call-refuse').click()
    await at(ann, 'call-over').getByText('Bob declined the call').waitFor()
    await at(ann, 'call-again').click()
    await at(bob, 'call-incoming').waitFor()
    await at(ann, 'call-cancel').click()
    await at(bob, 'call-incoming').waitFor({ state: 'detached' })
    await bob.getByText('Ann已取消呼叫').waitFor()
    await row(ann, 'Bob').getByText('Free').waitFor()
  })

  it('from inside a meeting somebody is called in; a reload in the call comes back to it', async () => {
    const ann = await open('Ann')
    const bob = await open('Bob')
    const eve = await open('Eve')
    await call(ann, 'Bob')
    await at(bob, 'call-accept').click()
    await eventually(async () => expect(await tiles(ann).count()).toBe(2))
    await at(ann, 'btn-invite').click()
    await row(ann, 'Eve').getByTestId('invite-person').click()
    await at(eve, 'call-incoming').getByText('Ann invites you').waitFor()
    await at(eve, 'call-accept').click()
    for (const page of [ann, bob, eve])
      await eventually(async () => expect(await tiles(page).count()).toBe(3))
    await bob.reload()
    for (const page of [ann, bob, eve])
      await eventually(async () => expect(await tiles(page).count()).toBe(3), 30_000)
    await at(bob, 'btn-leave').click()
    await ann.getByText('Bob ended the call').waitFor()
    await eventually(async () => expect(await tiles(ann).count()).toBe(2))
  })
})

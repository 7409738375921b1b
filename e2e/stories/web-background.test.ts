import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { launchFace, openPage } from '../support/browser.ts'
import { eventually } from '../support/eventually.ts'
import { GREEN } from '../support/media-files.ts'
import { type RunningServer, startServer } from '../support/server.ts'
import { listenToSpeakers, loudest } from '../support/speaker.ts'
import { openTabs, type Tabs } from '../support/tabs.ts'
import { at, DESKTOP, signIn } from '../support/web-app.ts'

/** Writes down the notifications that the page makes and its questions for the permission; both are the real ones. */
const watchNotifications = () => {
  const seen = { asked: 0, open: [] as string[] }
  Object.assign(window, { seen })
  window.Notification = new Proxy(Notification, {
    construct(real, args: [string]) {
      const notification = Reflect.construct(real, args) as Notification
      const close = notification.close.bind(notification)
      notification.close = () => {
        seen.open = seen.open.filter((title) => title !== notification.title)
        close()
      }
      notification.addEventListener('show', () => seen.open.push(notification.title))
      return notification
    },
    get(real, key) {
      if (key === 'requestPermission') seen.asked += 1
      const value: unknown = Reflect.get(real, key)
      return typeof value === 'function' ? value.bind(real) : value
    },
  })
}
/** Android's Chromium has the constructor and lets nobody call it. */
const likeAndroid = () => {
  window.Notification = new Proxy(Notification, {
    construct() {
      throw new TypeError('Illegal constructor. Use ServiceWorkerRegistration.showNotification()')
    },
    get: (real, key) => Reflect.get(real, key),
  })
  // Chromium takes back a notification that is asked for between being kept and being shown.
  const seen = { shown: [] as string[] }
  Object.assign(window, { seen })
  const show = ServiceWorkerRegistration.prototype.showNotification
  ServiceWorkerRegistration.prototype.showNotification = async function (title, options) {
    await show.call(this, title, options)
    seen.shown.push(title)
  }
}

const open = (page: Page) => page.evaluate('window.seen.open') as Promise<string[]>
const asked = (page: Page) => page.evaluate('window.seen.asked') as Promise<number>
const expectOpen = (page: Page, titles: string[]) =>
  eventually(async () => expect(await open(page)).toEqual(titles))
const expectRing = (page: Page) =>
  eventually(async () => {
    const heard = await loudest(page)
    expect(Math.min(Math.abs(heard - 440), Math.abs(heard - 554))).toBeLessThan(15)
  })

describe('a page in the background says that somebody is there', () => {
  let server: RunningServer
  let browser: Browser
  let tabs: Tabs
  let agent: Page
  /** The tab that the person looks at when it is not that of the meeting. */
  let other: Page
  const pages: Page[] = []

  const tab = async (path: string, name: string, ...before: (() => void)[]) => {
    const page = await tabs.context.newPage()
    pages.push(page)
    for (const script of [listenToSpeakers, ...before]) await page.addInitScript(script)
    await page.goto(`${server.url}${path}`)
    await signIn(page, name)
    return page
  }
  const hide = async (page: Page) => {
    await other.bringToFront()
    await eventually(async () =>
      expect(await page.evaluate('document.visibilityState')).toBe('hidden'),
    )
  }
  const allow = () => tabs.context.grantPermissions(['notifications'], { origin: server.url })
  const wait = (page: Page) => page.locator('[data-testid^="wait-"]').first().click()
  const serve = (page: Page) => page.locator('[data-testid^="serve-"]').first().click()

  beforeAll(async () => {
    server = await startServer()
    browser = await launchFace(GREEN)
  })
  beforeEach(async () => {
    tabs = await openTabs()
    const [first] = tabs.context.pages()
    if (!first) throw new Error('No tab')
    other = first
    agent = (await openPage(browser, `${server.url}/agent`, { ...DESKTOP, locale: 'en-US' })).page
    await signIn(agent, 'Ann')
    await at(agent, 'agent-automatic').waitFor()
  })
  afterEach(async () => {
    for (const page of pages.splice(0)) await page.close()
    await agent.context().close()
    await tabs.close()
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
    server?.forget()
  })

  it('asks for the permission where it is of use and only when pressed', async () => {
    const carl = await tab('/desk', 'Carl', watchNotifications)
    await carl.locator('[data-testid^="wait-"]').first().waitFor()
    expect(await at(carl, 'notify-calls').count()).toBe(0)
    await wait(carl)
    await at(carl, 'notify-calls').waitFor()
    expect(await asked(carl)).toBe(0)
    await at(carl, 'notify-calls').click()
    await eventually(async () => expect(await asked(carl)).toBe(1))
    await allow()
    await carl.reload()
    await wait(carl)
    await at(carl, 'desk-waiting').waitFor()
    expect(await at(carl, 'notify-calls').count()).toBe(0)
    expect(await asked(carl)).toBe(0)
  })

  it('05 §5, 03 §8: the customer is notified and rung while another tab is in front', async () => {
    await allow()
    const carl = await tab('/desk', 'Carl', watchNotifications)
    await wait(carl)
    await at(carl, 'desk-waiting').waitFor()
    await hide(carl)
    await serve(agent)
    await at(agent, 'agent-accept').click()
    await expectOpen(carl, ['Ann is calling'])
    await expectRing(carl)
    await carl.bringToFront()
    await expectOpen(carl, [])
    await at(carl, 'call-refuse').click()
    await eventually(async () => expect(await loudest(carl)).toBe(0))
  })

  it('the agent is notified and rung, also on another page of the app', async () => {
    await allow()
    const bob = await tab('/agent', 'Bob', watchNotifications)
    await serve(bob)
    await bob.getByText('the next customer rings here').waitFor()
    await bob.locator('header .brand').click()
    await at(bob, 'people').waitFor()
    await hide(bob)
    const carl = (await openPage(browser, `${server.url}/desk`, DESKTOP)).page
    await signIn(carl, 'Carl')
    await wait(carl)
    await expectOpen(bob, ['Carl is waiting for you (Queue 1)'])
    await expectRing(bob)
    await bob.bringToFront()
    await expectOpen(bob, [])
    await at(bob, 'agent-offer').getByText('Carl').waitFor()
    // It is said for a few seconds.
    await Promise.all([
      bob.getByText('Carl is no longer waiting for you').waitFor(),
      carl.context().close(),
    ])
    await at(bob, 'agent-offer').waitFor({ state: 'detached' })
    await eventually(async () => expect(await loudest(bob)).toBe(0))
  })

  it('nothing pops up while the page is looked at; leaving it while it rings does', async () => {
    await allow()
    const carl = await tab('/desk', 'Carl', watchNotifications)
    await wait(carl)
    await at(carl, 'desk-waiting').waitFor()
    await serve(agent)
    await at(agent, 'agent-accept').click()
    await at(carl, 'call-incoming').waitFor()
    expect(await open(carl)).toEqual([])
    await hide(carl)
    await expectOpen(carl, ['Ann is calling'])
    await at(agent, 'call-cancel').click()
    await expectOpen(carl, [])
  })

  it('on a phone, where only a service worker may notify, that one does', async () => {
    await allow()
    const carl = await tab('/desk', 'Carl', likeAndroid)
    await wait(carl)
    await at(carl, 'desk-waiting').waitFor()
    await hide(carl)
    const shown = () =>
      carl.evaluate(async () => {
        const worker = await navigator.serviceWorker.getRegistration()
        return (await worker?.getNotifications())?.map(({ title }) => title) ?? []
      })
    await serve(agent)
    await at(agent, 'agent-accept').click()
    await at(carl, 'call-incoming').waitFor()
    await eventually(async () =>
      expect(await carl.evaluate('window.seen.shown')).toEqual(['Ann is calling']),
    )
    await eventually(async () => expect(await shown()).toEqual(['Ann is calling']))
    await at(agent, 'call-cancel').click()
    await eventually(async () => expect(await shown()).toEqual([]))
  })
})

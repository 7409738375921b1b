import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { launchFace, openPage } from '../support/browser.ts'
import { eventually } from '../support/eventually.ts'
import { BLUE, RED } from '../support/media-files.ts'
import { type RunningServer, startServer } from '../support/server.ts'
import { at, createMeeting, DESKTOP, lookAt, PHONE, signIn, tileOf } from '../support/web-app.ts'

let server: RunningServer
const browsers: Browser[] = []
const errors: string[] = []
let ann: Page
let bob: Page

const open = async (i: number, url: string, options: object, before = '') => {
  const opened = await openPage(browsers[i] as Browser, url, options, before)
  opened.page.on('pageerror', (e) => errors.push(String(e)))
  return opened.page
}

beforeAll(async () => {
  server = await startServer()
  for (const face of [RED, BLUE]) browsers.push(await launchFace(face))
  ann = await open(0, server.url, { ...DESKTOP, locale: 'en-US' })
  await signIn(ann, 'Ann')
  const { link } = await createMeeting(ann, 'Review')
  // A phone has no screen to choose.
  const noScreens = 'delete MediaDevices.prototype.getDisplayMedia'
  bob = await open(
    1,
    `${server.url}${new URL(link).pathname}`,
    { ...PHONE, locale: 'zh-CN' },
    noScreens,
  )
  await signIn(bob, 'Bob')
  await at(bob, 'join-now').click()
  await tileOf(ann, 'Bob').waitFor()
})

afterAll(async () => {
  for (const b of browsers) await b.close()
  await server.stop()
  server.forget()
})

it('09 §3: a click shares; the other sees it large, beside the people', async () => {
  await at(ann, 'btn-share').click()
  await at(ann, 'sharing-banner').waitFor()
  const picture = at(bob, 'share-view').locator('video')
  await eventually(async () => expect((await lookAt(bob, picture)).moves).toBe(true), 25_000)
  const shared = await at(bob, 'share-view').boundingBox()
  const tile = await tileOf(bob, 'Ann').boundingBox()
  expect(shared?.width).toBeGreaterThan(350)
  expect((shared?.height ?? 0) / (tile?.height ?? 1)).toBeGreaterThan(2)
  // Nothing is outside of the phone's screen.
  expect(await bob.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
  // The sharer's own screen in itself would be an endless mirror.
  expect(await at(ann, 'share-view').locator('video').count()).toBe(0)
  expect(await at(ann, 'share-view').textContent()).toContain('You are sharing your screen')
})

it('a phone without screens to choose offers no sharing', async () => {
  await at(bob, 'btn-more').click()
  await at(bob, 'more-files').waitFor()
  expect(await at(bob, 'more-share').count()).toBe(0)
  await bob.keyboard.press('Escape')
  await at(bob, 'more-files').waitFor({ state: 'detached' })
})

it('09 §6: what one draws is there until it is removed', async () => {
  await at(bob, 'btn-mark').click()
  const box = await at(bob, 'share-view').boundingBox()
  if (!box) throw new Error('The share is not shown')
  const y = box.y + box.height / 2
  await bob.mouse.move(box.x + 60, y)
  await bob.mouse.down()
  await bob.mouse.move(box.x + 200, y, { steps: 6 })
  await bob.mouse.up()
  /** How much of the middle line is drawn on. */
  const drawn = () =>
    at(bob, 'share-view')
      .locator('canvas')
      .evaluate((element) => {
        const canvas = element as HTMLCanvasElement
        const line = canvas
          .getContext('2d')
          ?.getImageData(0, Math.round(canvas.height / 2), canvas.width, 1).data
        let points = 0
        for (let i = 3; i < (line?.length ?? 0); i += 4) if (line?.[i]) points += 1
        return points
      })
  await eventually(async () => expect(await drawn()).toBeGreaterThan(100))
  await at(bob, 'btn-clear-marks').click()
  await eventually(async () => expect(await drawn()).toBe(0))
  await at(bob, 'btn-mark').click()
})

it('09 §7.2: control is given by the sharer, shown on both sides, and taken back', async () => {
  await at(ann, 'give-control').selectOption({ label: 'Bob' })
  await at(bob, 'btn-give-up').waitFor()
  const badge = ann.locator('.crv-control-badge')
  await badge.waitFor()
  expect(await badge.textContent()).toContain('Bob')
  await badge.locator('button').click()
  await at(bob, 'btn-give-up').waitFor({ state: 'detached' })
  expect(await at(ann, 'give-control').inputValue()).toBe('')
  await at(ann, 'give-control').selectOption({ label: 'Bob' })
  await at(bob, 'btn-give-up').click()
  await badge.waitFor({ state: 'detached' })
})

it('11 §2: during a share all are switched to the people, the board, and back', async () => {
  await at(bob, 'view-pictures').click()
  for (const page of [ann, bob]) await at(page, 'share-view').waitFor({ state: 'detached' })
  await at(ann, 'btn-board').click()
  await at(bob, 'board').waitFor()
  await at(bob, 'btn-board').click()
  for (const page of [ann, bob]) await at(page, 'share-view').waitFor()
  await at(ann, 'view-board').click()
  await at(bob, 'board').waitFor()
  await at(bob, 'view-running').click()
  await at(ann, 'share-view').waitFor()
})

it('stopping leads both back to the people', async () => {
  await at(ann, 'btn-stop-share').click()
  await at(bob, 'share-view').waitFor({ state: 'detached' })
  await at(ann, 'sharing-banner').waitFor({ state: 'detached' })
  await ann.keyboard.press('s')
  await at(bob, 'share-view').waitFor()
  await at(ann, 'btn-share').click()
  await at(bob, 'share-view').waitFor({ state: 'detached' })
  expect(errors).toEqual([])
})

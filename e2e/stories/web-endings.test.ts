import type { Browser, Page, WebSocketRoute } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { launchFace, launchKeeping, openPage } from '../support/browser.ts'
import { eventually } from '../support/eventually.ts'
import { GREEN, RED } from '../support/media-files.ts'
import { type RunningServer, startServer } from '../support/server.ts'
import {
  at,
  createMeeting,
  DESKTOP,
  expectPicture,
  signIn,
  tileOf,
  tiles,
} from '../support/web-app.ts'

let server: RunningServer
const browsers: Browser[] = []
let ann: Page
let bob: Page
let link: string

/** Bob's way to the server: it can be cut and mended. */
const wire = { up: true, routes: new Set<WebSocketRoute>() }
const cut = async () => {
  wire.up = false
  for (const route of wire.routes) await route.close()
  wire.routes.clear()
}

beforeAll(async () => {
  // Long enough to see the banner on a busy machine, short enough to see it end.
  server = await startServer({ RESUME_SECONDS: '8' })
  browsers.push(await launchFace(RED), await launchKeeping(GREEN))
  const options = { locale: 'en-US', ...DESKTOP }
  ann = (await openPage(browsers[0] as Browser, server.url, options)).page
  await signIn(ann, 'Ann')
  link = (await createMeeting(ann, 'Storm')).link
  bob = (await openPage(browsers[1] as Browser, 'about:blank', options)).page
  await bob.routeWebSocket(/\/ws/, (route) => {
    if (!wire.up) void route.close()
    else {
      route.connectToServer()
      wire.routes.add(route)
    }
  })
  await bob.goto(link)
  await signIn(bob, 'Bob')
  await at(bob, 'join-now').click()
  await expectPicture(ann, tileOf(ann, 'Bob').locator('video'), 'green')
})

afterAll(async () => {
  for (const b of browsers) await b.close()
  await server.stop()
  server.forget()
})

it('02 §5: a cut connection shows a banner and comes back by itself, nobody leaves', async () => {
  await cut()
  await at(bob, 'reconnecting').waitFor()
  expect(await tiles(ann).count()).toBe(2)
  wire.up = true
  await at(bob, 'reconnecting').waitFor({ state: 'detached' })
  await bob.getByText('Connected again').waitFor()
  await expectPicture(bob, tileOf(bob, 'Ann').locator('video'), 'red')
})

it('07 §5.2: a connection that stays away ends with a word and a way in again', async () => {
  await cut()
  await eventually(
    async () => expect(await at(bob, 'meeting-over').getAttribute('data-ending')).toBe('dropped'),
    30_000,
  )
  await eventually(async () => expect(await tiles(ann).count()).toBe(1), 30_000)
  wire.up = true
  await at(bob, 'enter-again').click()
  await expectPicture(ann, tileOf(ann, 'Bob').locator('video'), 'green')
  await expectPicture(bob, tileOf(bob, 'Ann').locator('video'), 'red')
})

it('from a lost meeting the lobby signs in again by itself', async () => {
  await cut()
  await eventually(
    async () => expect(await at(bob, 'meeting-over').getAttribute('data-ending')).toBe('dropped'),
    30_000,
  )
  wire.up = true
  await bob.getByRole('link', { name: 'Back to the lobby' }).click()
  await at(bob, 'create-meeting').waitFor()
  await bob.goto(link)
  await at(bob, 'join-now').click()
  await expectPicture(ann, tileOf(ann, 'Bob').locator('video'), 'green')
})

it('00 §10: who leaves for another page and comes back is signed in, and one press away from the meeting', async () => {
  await bob.evaluate(() => {
    location.href = 'about:blank'
  })
  await eventually(async () => expect(await tiles(ann).count()).toBe(1))
  await bob.evaluate(() => history.back())
  await at(bob, 'join-now').click()
  await expectPicture(ann, tileOf(ann, 'Bob').locator('video'), 'green')
})

it('02 §3: signing in elsewhere takes this page out, says why, and it may go on here', async () => {
  const copy = await bob.evaluate(() => ({ ...sessionStorage }))
  const other = await bob.context().newPage()
  await other.addInitScript((kept) => {
    for (const [key, value] of Object.entries(kept)) sessionStorage.setItem(key, value)
  }, copy)
  await other.goto(server.url)
  await eventually(async () =>
    expect(await at(bob, 'meeting-over').getAttribute('data-ending')).toBe('elsewhere'),
  )
  await other.close()
  await at(bob, 'enter-again').click()
  await expectPicture(ann, tileOf(ann, 'Bob').locator('video'), 'green')
})

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { launchFace, openPage } from '../support/browser.ts'
import { eventually } from '../support/eventually.ts'
import { GREEN, RED } from '../support/media-files.ts'
import { ACCOUNT, PASSWORD, type RunningServer, startServer } from '../support/server.ts'

let server: RunningServer
const browsers: Browser[] = []
let ann: Page
let bob: Page
const errors: string[] = []

const at = (p: Page, id: string) => p.getByTestId(id)
const signIn = async (p: Page, name: string) => {
  await at(p, 'login-account').fill(ACCOUNT)
  await at(p, 'login-password').fill(PASSWORD)
  await at(p, 'login-name').fill(name)
  await at(p, 'login-submit').click()
}

beforeAll(async () => {
  server = await startServer()
  for (const face of [RED, GREEN]) browsers.push(await launchFace(face))
  const open = async (i: number, options: object) => {
    const opened = await openPage(browsers[i] as Browser, server.url, {
      locale: 'en-US',
      ...options,
    })
    opened.page.on('pageerror', (e) => errors.push(String(e)))
    return opened.page
  }
  ann = await open(0, { viewport: { width: 1280, height: 800 } })
  bob = await open(1, { viewport: { width: 390, height: 844 }, hasTouch: true })
})

afterAll(async () => {
  for (const b of browsers) await b.close()
  await server.stop()
  server.forget()
})

it('a wrong password is said in plain words and can be mended', async () => {
  await at(ann, 'login-account').fill(ACCOUNT)
  await at(ann, 'login-password').fill('wrong')
  await at(ann, 'login-name').fill('Ann')
  await at(ann, 'login-submit').click()
  await ann.getByRole('alert').first().waitFor()
  await signIn(ann, 'Ann')
  await at(ann, 'create-meeting').waitFor()
})

it('creating a meeting, joining it by its link on a phone, seeing each other', async () => {
  await at(ann, 'create-subject').fill('Weekly')
  await at(ann, 'create-meeting').click()
  await eventually(async () => expect(ann.url()).toMatch(/\/meeting\/\d{8}/), 20_000)
  await at(ann, 'btn-leave').waitFor()
  await bob.goto(ann.url())
  await signIn(bob, 'Bob')
  await at(bob, 'btn-leave').waitFor()
  for (const p of [ann, bob])
    await eventually(async () => expect(await p.locator('[data-testid^="tile-"]').count()).toBe(2))
  for (const p of [ann, bob]) {
    if ((await at(p, 'btn-camera').getAttribute('aria-pressed')) !== 'true')
      await at(p, 'btn-camera').click()
    if ((await at(p, 'btn-mic').getAttribute('aria-pressed')) !== 'true')
      await at(p, 'btn-mic').click()
  }
  for (const p of [ann, bob])
    await eventually(async () => {
      const playing = await p
        .locator('[data-testid^="tile-"] video')
        .evaluateAll(
          (videos) => videos.filter((v) => (v as HTMLVideoElement).videoWidth > 0).length,
        )
      expect(playing).toBe(2)
    })
  expect(errors).toEqual([])
})

it('leaving shows in the other page, ending ends it', async () => {
  await at(bob, 'btn-leave').click()
  await eventually(async () => expect(await ann.locator('[data-testid^="tile-"]').count()).toBe(1))
})

import { readFile } from 'node:fs/promises'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { launchFace, openPage } from '../support/browser.ts'
import { eventually } from '../support/eventually.ts'
import { GREEN, RED } from '../support/media-files.ts'
import { canProbe, probe } from '../support/recorded.ts'
import { type RunningServer, startServer } from '../support/server.ts'
import { at, createMeeting, expectPicture, PHONE, signIn, tileOf } from '../support/web-app.ts'

let server: RunningServer
const browsers: Browser[] = []
const errors: string[] = []
let ann: Page
let bob: Page

/** Pictures for looking at, where the environment asks for them. */
const shoot = async (page: Page, name: string) => {
  const folder = process.env.SHOTS
  if (folder) await page.screenshot({ path: `${folder}/${name}.png` })
}
const rows = (page: Page) => at(page, 'recorded-list').locator('li')
const seconds = async (page: Page) => {
  const text = (await at(page, 'record-numbers').textContent()) ?? ''
  return Number(/(\d+):(\d+)/.exec(text)?.[2] ?? -1)
}
const records = (page: Page, least: number) =>
  eventually(async () => expect(await seconds(page)).toBeGreaterThanOrEqual(least))

beforeAll(async () => {
  server = await startServer()
  for (const face of [RED, GREEN]) browsers.push(await launchFace(face))
  const open = async (i: number, options: object) => {
    const { page } = await openPage(browsers[i] as Browser, server.url, options)
    page.on('pageerror', (e) => errors.push(String(e)))
    return page
  }
  ann = await open(0, { viewport: { width: 1280, height: 800 }, locale: 'en-US' })
  bob = await open(1, { ...PHONE, locale: 'zh-CN', colorScheme: 'dark' })
  await signIn(ann, 'Ann')
  const { link } = await createMeeting(ann, 'Weekly / review')
  await bob.goto(link)
  await signIn(bob, 'Bob')
  await at(bob, 'join-now').click()
  await expectPicture(ann, tileOf(ann, 'Bob').locator('video'), 'green')
})
afterAll(async () => {
  for (const b of browsers) await b.close()
  await server?.stop()
  server?.forget()
  expect(errors).toEqual([])
})

it('10 §2: the panel offers how to record and says how much room there is', async () => {
  await ann.keyboard.press('r')
  await at(ann, 'recorded-empty').waitFor()
  await ann.getByText('Room on this device').waitFor()
  await shoot(ann, 'record-start')
  await at(ann, 'record-layout').selectOption('main')
})

it('10 §2: time and size run in sight of everything, and stand still while paused', async () => {
  await at(ann, 'record-start').click()
  await records(ann, 2)
  await at(ann, 'record-mark').waitFor()
  await shoot(ann, 'record-running')
  await at(ann, 'record-pause').click()
  await ann.getByText('Paused').waitFor()
  const before = await at(ann, 'record-numbers').textContent()
  await ann.waitForTimeout(1200)
  expect((await at(ann, 'record-numbers').textContent())?.split(' · ')[0]).toBe(
    before?.split(' · ')[0],
  )
  await at(ann, 'record-pause').click()
  await records(ann, 3)
})

it('a recording in which nobody can be heard says so', async () => {
  await at(bob, 'btn-mic').click()
  await at(ann, 'btn-mic').click()
  await at(ann, 'record-silent').waitFor()
  await shoot(ann, 'record-silent')
  await at(bob, 'btn-mic').click()
  await at(ann, 'record-silent').waitFor({ state: 'detached' })
})

it('stopped, it is in the list: name, length, size; both are in the saved file', async () => {
  await at(ann, 'record-stop').click()
  await rows(ann).first().waitFor()
  await at(ann, 'record-mark').waitFor({ state: 'detached' })
  expect(await rows(ann).first().textContent()).toMatch(
    /\d{4}-\d\d-\d\d \d\d\.\d\d\.\d\d Weekly review\.mp4.*0:\d\d · [\d.]+ (KB|MB)/,
  )
  await shoot(ann, 'record-list')
  const saving = ann.waitForEvent('download')
  await rows(ann).first().getByTestId('recorded-save').click()
  const saved = await saving
  expect(saved.suggestedFilename()).toMatch(/Weekly review\.(mp4|webm)$/)
  if (!canProbe) return console.warn('ffmpeg is missing: the recorded file is not looked into')
  await probe(await readFile(await saved.path()), (file) => {
    expect(file.complaints).toBe('')
    expect(file.video).toMatchObject({ width: 640, height: 360 })
    // The other is large, I am small beside.
    const [r, g] = file.color(2, 200, 180)
    expect(g).toBeGreaterThan(r + 40)
    const [r2, g2] = file.color(2, 570, 180)
    expect(r2).toBeGreaterThan(g2 + 40)
    expect(file.tone(GREEN.tone, 1, 2)).toBeGreaterThan(file.tone(1200, 1, 2) * 20)
  })
})

it('06 §7: a recording goes to the server when it is asked to', async () => {
  await rows(ann).first().getByTestId('recorded-upload').click()
  await rows(ann).first().getByText('On the server').waitFor()
  expect(await rows(ann).first().getByTestId('recorded-upload').count()).toBe(0)
})

it('a recording is played on this page alone', async () => {
  await rows(ann).first().getByTestId('recorded-play').click()
  await expectPicture(ann, at(ann, 'player').locator('video'), 'green', at(ann, 'player-again'))
  await shoot(ann, 'record-player')
  // It may be over already.
  if (await at(ann, 'player-again').isVisible()) await at(ann, 'player-again').click()
  await at(ann, 'player-pause').click()
  expect(await at(bob, 'media-view').count()).toBe(0)
  await at(ann, 'player-close').click()
  await at(ann, 'player').waitFor({ state: 'detached' })
})

it('leaving while it records asks first, and keeps what was recorded', async () => {
  await at(ann, 'record-encrypt').check()
  await at(ann, 'record-start').click()
  await records(ann, 1)
  await at(ann, 'btn-leave').click()
  await ann.getByText('A recording is running').waitFor()
  await shoot(ann, 'record-leave')
  await at(ann, 'confirm-no').click()
  await records(ann, 2)
  await at(ann, 'btn-leave').click()
  await at(ann, 'confirm-yes').click()
  await at(ann, 'enter-again').click()
  await tileOf(ann, 'Bob').waitFor()
  await ann.keyboard.press('r')
  await eventually(async () => expect(await rows(ann).count()).toBe(2))
})

it('10 §3: an encrypted one plays here and is not saved as a file', async () => {
  await rows(ann).first().getByTestId('recorded-encrypted').waitFor()
  expect(await rows(ann).first().getByTestId('recorded-save').count()).toBe(0)
  await rows(ann).first().getByTestId('recorded-play').click()
  await expectPicture(ann, at(ann, 'player').locator('video'), 'green', at(ann, 'player-again'))
  await at(ann, 'player-close').click()
  await at(ann, 'record-encrypt').uncheck()
})

it('a page that dies loses nothing: the recording so far is in the list of the next', async () => {
  await at(ann, 'record-start').click()
  await records(ann, 3)
  ann.once('dialog', (dialog) => void dialog.accept())
  await ann.reload()
  await tileOf(ann, 'Bob').waitFor()
  await ann.keyboard.press('r')
  await eventually(async () => expect(await rows(ann).count()).toBe(3))
  expect(await rows(ann).first().getByTestId('recorded-facts').textContent()).toMatch(
    /0:(0[2-9]|[1-5]\d) · /,
  )
})

it('a recording is deleted after a question', async () => {
  await rows(ann).first().getByTestId('recorded-remove').click()
  await at(ann, 'confirm-yes').click()
  await eventually(async () => expect(await rows(ann).count()).toBe(2))
})

it('on a phone everything can be reached and nothing stands out', async () => {
  await at(bob, 'btn-more').click()
  await at(bob, 'more-record').click()
  await at(bob, 'record-start').waitFor()
  await shoot(bob, 'record-start-phone')
  await at(bob, 'record-start').click()
  await records(bob, 1)
  await shoot(bob, 'record-running-phone')
  expect(await bob.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
  await at(bob, 'record-stop').click()
  await rows(bob).first().waitFor()
})

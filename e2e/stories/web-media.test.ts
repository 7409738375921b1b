import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { launchFace, openPage } from '../support/browser.ts'
import { eventually } from '../support/eventually.ts'
import { filmOf, hearing, toneOf } from '../support/film.ts'
import { BLUE, GREEN, RED } from '../support/media-files.ts'
import { type RunningServer, startServer } from '../support/server.ts'
import { at, createMeeting, expectPicture, PHONE, signIn, tileOf } from '../support/web-app.ts'

const TONE = BLUE.tone
let server: RunningServer
const browsers: Browser[] = []
const errors: string[] = []
let ann: Page
let bob: Page
let film: Buffer

/** Pictures for looking at, where the environment asks for them. */
const shoot = async (page: Page, name: string) => {
  const folder = process.env.SHOTS
  if (folder) await page.screenshot({ path: `${folder}/${name}.png` })
}
const choose = (page: Page, name: string, buffer: Buffer, mimeType = 'video/webm') =>
  at(page, 'media-input').setInputFiles({ name, mimeType, buffer })
const picture = (page: Page) => at(page, 'media-view').locator('video')
const secondsAt = async (page: Page) => {
  const [m = 0, s = 0] = ((await at(page, 'media-position').textContent()) ?? '')
    .split(/[: ]/)
    .map(Number)
  return m * 60 + s
}

beforeAll(async () => {
  server = await startServer()
  for (const face of [RED, GREEN]) browsers.push(await launchFace(face))
  const open = async (i: number, options: object) => {
    const { page } = await openPage(browsers[i] as Browser, server.url, options, hearing)
    page.on('pageerror', (e) => errors.push(String(e)))
    return page
  }
  ann = await open(0, { viewport: { width: 1280, height: 800 }, locale: 'en-US' })
  bob = await open(1, { ...PHONE, locale: 'zh-CN', colorScheme: 'dark' })
  // Long enough for a busy machine to see it before it is over.
  const filming = filmOf(bob, BLUE, 20)
  await signIn(ann, 'Ann')
  const { link } = await createMeeting(ann, 'Film')
  film = await filming
  await bob.goto(link)
  await signIn(bob, 'Bob')
  await at(bob, 'join-now').click()
  await tileOf(ann, 'Bob').waitFor()
  // Their own tones are not to be taken for the film’s.
  for (const page of [ann, bob]) await at(page, 'btn-mic').click()
})
afterAll(async () => {
  for (const b of browsers) await b.close()
  await server?.stop()
  server?.forget()
  expect(errors).toEqual([])
})
const hears = (page: Page) =>
  eventually(async () => {
    const tones = (await page.evaluate('listen()')) as number[]
    expect(tones.some((tone) => Math.abs(tone - TONE) < 30)).toBe(true)
  }, 25_000)

it('10 §4: a chosen file is seen and heard by the others, who see who plays what', async () => {
  await choose(ann, 'harbour.webm', film)
  await expectPicture(bob, picture(bob), 'blue')
  await hears(bob)
  await expectPicture(ann, picture(ann), 'blue')
  expect(await at(bob, 'media-who').textContent()).toBe('Ann 正在播放 harbour.webm')
  expect(await at(ann, 'media-who').textContent()).toBe('You play harbour.webm')
  await eventually(async () => expect(await secondsAt(bob)).toBeGreaterThan(0))
  for (const page of [ann, bob])
    expect(await at(page, 'media-duration').textContent()).toMatch(/^0:(19|2\d)$/)
  await shoot(ann, 'media-playing')
  await shoot(bob, 'media-playing-phone')
  expect(await bob.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
})

it('only the player has pause, seek bar and stop; a second media is not offered', async () => {
  for (const id of ['media-pause', 'media-seek', 'media-stop', 'btn-media'])
    expect(await at(bob, id).count()).toBe(0)
  await at(bob, 'btn-more').click()
  await at(bob, 'more-record').waitFor()
  expect(await at(bob, 'more-media').count()).toBe(0)
  await bob.keyboard.press('Escape')
})

it('paused and sought by the keyboard: the others see both', async () => {
  await at(ann, 'media-pause').click()
  await bob.getByText('已暂停').waitFor()
  await at(ann, 'media-seek').focus()
  await ann.keyboard.press('End')
  await ann.keyboard.press('Home')
  await eventually(async () => expect(await secondsAt(bob)).toBeLessThan(1))
  await at(ann, 'media-pause').click()
  await eventually(async () => expect(await bob.getByText('已暂停').count()).toBe(0))
})

it('07 §4: who comes later sees and hears it too, at the same place', async () => {
  await bob.reload()
  await expectPicture(bob, picture(bob), 'blue')
  await hears(bob)
  await eventually(async () =>
    expect(Math.abs((await secondsAt(bob)) - (await secondsAt(ann)))).toBeLessThanOrEqual(1),
  )
  const lengths = [ann, bob].map((page) => at(page, 'media-duration').textContent())
  expect(new Set(await Promise.all(lengths)).size).toBe(1)
})

it('the volume of the page is the listener’s own', async () => {
  await at(bob, 'media-volume').fill('0')
  expect(await bob.evaluate('volume()')).toBe(0)
  expect(await at(ann, 'media-volume').inputValue()).not.toBe('0')
  await at(bob, 'media-volume').fill('204')
  expect(await bob.evaluate('volume()')).toBeCloseTo(0.8)
})

it('stopped, both are back at the people', async () => {
  await at(ann, 'media-stop').click()
  for (const page of [ann, bob]) await at(page, 'media-view').waitFor({ state: 'detached' })
  await bob.getByText('Ann 已停止播放').waitFor()
})

it('what cannot be played is said in plain words', async () => {
  await choose(ann, 'broken.mp4', Buffer.from('not a film'), 'video/mp4')
  await ann.getByText('This browser cannot play the media file.').waitFor()
  expect(await at(bob, 'media-view').count()).toBe(0)
})

it('a dropped sound is heard without taking the place of the people', async () => {
  const dropped = await ann.evaluateHandle((base64) => {
    const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))
    const transfer = new DataTransfer()
    transfer.items.add(new File([bytes], 'tone.wav', { type: 'audio/wav' }))
    return transfer
  }, toneOf(BLUE, 30).toString('base64'))
  await at(ann, 'main-stage').dispatchEvent('dragover', { dataTransfer: dropped })
  await ann.getByText('Drop the file to play it to everybody').waitFor()
  await at(ann, 'main-stage').dispatchEvent('drop', { dataTransfer: dropped })
  await at(bob, 'media-bar').waitFor()
  await hears(bob)
  await tileOf(bob, 'Ann').waitFor()
  expect(await at(bob, 'media-view').count()).toBe(0)
  await shoot(ann, 'media-sound')
  await at(ann, 'btn-media').click()
  await at(bob, 'media-bar').waitFor({ state: 'detached' })
})

it('a file of the meeting is played to all from its list', async () => {
  await at(ann, 'btn-files').click()
  const files = [
    { name: 'shared.webm', mimeType: 'video/webm', buffer: film },
    { name: 'plan.pdf', mimeType: 'application/pdf', buffer: Buffer.from('x') },
  ]
  await at(ann, 'disk-input').setInputFiles(files)
  await at(ann, 'file-plan.pdf').waitFor()
  expect(await at(ann, 'file-plan.pdf').getByTestId('file-play').count()).toBe(0)
  const play = at(ann, 'file-shared.webm').getByTestId('file-play')
  await play.click()
  await expectPicture(bob, picture(bob), 'blue', play)
  expect(await at(bob, 'media-who').textContent()).toBe('Ann 正在播放 shared.webm')
  // One film at a time.
  expect(await play.count()).toBe(0)
})

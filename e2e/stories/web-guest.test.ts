import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchFace, openPage } from '../support/browser.ts'
import { eventually } from '../support/eventually.ts'
import { GREEN, RED } from '../support/media-files.ts'
import { type RunningServer, startServer } from '../support/server.ts'
import {
  at,
  createMeeting,
  DESKTOP,
  expectPicture,
  PHONE,
  signIn,
  tileOf,
  tiles,
} from '../support/web-app.ts'

let open: RunningServer
const browsers: Browser[] = []
let host: Page
let guest: Page
let meeting: { link: string; password: string }

const page = async (i: number, url: string, options: object) =>
  (await openPage(browsers[i] as Browser, url, { locale: 'en-US', ...options })).page

beforeAll(async () => {
  open = await startServer({ ALLOW_GUESTS: '1' })
  for (const face of [RED, GREEN]) browsers.push(await launchFace(face))
  host = await page(0, open.url, DESKTOP)
  await signIn(host, 'Ann')
  meeting = await createMeeting(host, 'Open day', { password: true })
})

afterAll(async () => {
  for (const b of browsers) await b.close()
  await open.stop()
  open.forget()
})

it('03 §2: by the link alone a guest gives a name and the password, and is in', async () => {
  guest = await page(1, meeting.link, PHONE)
  await at(guest, 'join-now').click()
  await guest.getByText('Enter the name that others will see.').waitFor()
  await at(guest, 'join-name').fill('Gina')
  await at(guest, 'meeting-password').fill('000')
  await at(guest, 'join-now').click()
  await guest.getByText('The meeting password is wrong.').waitFor()
  await at(guest, 'meeting-password').fill(meeting.password)
  await guest.keyboard.press('Enter')
  await expectPicture(host, tileOf(host, 'Gina').locator('video'), 'green')
  await expectPicture(guest, tileOf(guest, 'Ann').locator('video'), 'red')
})

it('a guest may not end the meeting for all', async () => {
  await at(guest, 'btn-more').click()
  await at(guest, 'more-invite').waitFor()
  expect(await at(guest, 'more-end').count()).toBe(0)
  await guest.keyboard.press('Escape')
})

it('a guest that reloads is in again without being asked anything', async () => {
  await guest.reload()
  await at(guest, 'btn-leave').waitFor()
  await eventually(async () => expect(await tiles(host).count()).toBe(2))
  await expectPicture(host, tileOf(host, 'Gina').locator('video'), 'green')
})

it('a link that stands for nothing says so', async () => {
  await guest.goto(`${open.url}/m/QQQQQQ`)
  await guest.getByText('There is no such meeting').waitFor()
})

it('the sign-in page lets guests in by number', async () => {
  await guest.goto(`${open.url}/login`)
  await at(guest, 'join-number').fill(meeting.link)
  await at(guest, 'join-submit').click()
  await at(guest, 'meeting-password').waitFor()
})

describe('a server without guests', () => {
  let closed: RunningServer
  beforeAll(async () => {
    closed = await startServer()
  })
  afterAll(async () => {
    await closed.stop()
    closed.forget()
  })

  it('leads from the link to the sign-in and back', async () => {
    const ann = await page(0, closed.url, DESKTOP)
    await signIn(ann, 'Ann')
    const { link } = await createMeeting(ann, 'Members only')
    const bob = await page(1, link, DESKTOP)
    await at(bob, 'login-submit').waitFor()
    expect(await at(bob, 'guest-entry').count()).toBe(0)
    await signIn(bob, 'Bob')
    await at(bob, 'join-now').click()
    await eventually(async () => expect(await tiles(ann).count()).toBe(2))
    expect(bob.url()).toBe(link)
  })
})

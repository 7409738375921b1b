import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
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

let server: RunningServer
const browsers: Browser[] = []
const errors: string[] = []
let ann: Page
let bob: Page

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
  ann = await open(0, DESKTOP)
  bob = await open(1, PHONE)
})

afterAll(async () => {
  for (const b of browsers) await b.close()
  await server.stop()
  server.forget()
})

const micIs = (page: Page, on: boolean) =>
  eventually(async () =>
    expect(await at(page, 'btn-mic').getAttribute('aria-pressed')).toBe(String(on)),
  )

it('creating a meeting and joining it by its link on a phone: both see and hear each other', async () => {
  await signIn(ann, 'Ann')
  const { link } = await createMeeting(ann, 'Weekly')
  await bob.goto(link)
  await signIn(bob, 'Bob')
  await at(bob, 'join-now').click()
  await expectPicture(ann, tileOf(ann, 'Bob').locator('video'), 'green')
  await expectPicture(bob, tileOf(bob, 'Ann').locator('video'), 'red')
  // The tone of the other's microphone marks the tile as speaking.
  for (const [page, name] of [
    [ann, 'Bob'],
    [bob, 'Ann'],
  ] as const)
    await eventually(async () =>
      expect(await tileOf(page, name).getAttribute('aria-label')).toContain('speaking'),
    )
})

it('nothing stands out of a phone: no sideways scrolling, every control can be touched', async () => {
  const { width, inner } = await bob.evaluate(() => ({
    width: document.documentElement.scrollWidth,
    inner: innerWidth,
  }))
  expect(width).toBeLessThanOrEqual(inner)
  const boxes = await bob.locator('nav button:visible').evaluateAll((buttons) =>
    buttons.map((b) => {
      const { left, right, width, height } = b.getBoundingClientRect()
      return { left, right, width, height }
    }),
  )
  expect(boxes.length).toBeGreaterThanOrEqual(5)
  for (const box of boxes) {
    expect(box.left).toBeGreaterThanOrEqual(0)
    expect(box.right).toBeLessThanOrEqual(390)
    expect(Math.min(box.width, box.height)).toBeGreaterThanOrEqual(44)
  }
})

it('08 §2: muting somebody else is seen and said on both pages; asking needs a yes', async () => {
  await at(ann, 'btn-members').click()
  const mute = ann.getByRole('button', { name: 'Mute Bob' }).last()
  await mute.click()
  await micIs(bob, false)
  await bob.getByText('Your microphone was turned off by someone else').waitFor()
  await eventually(async () =>
    expect(await tileOf(ann, 'Bob').getAttribute('aria-label')).toContain('Microphone off'),
  )
  await ann.getByRole('button', { name: 'Ask Bob to unmute' }).click()
  await at(bob, 'consent-allow').click()
  await micIs(bob, true)
  await eventually(async () =>
    expect(await tileOf(ann, 'Bob').getAttribute('aria-label')).toContain('speaking'),
  )
})

it('mute all turns every microphone off', async () => {
  await at(ann, 'btn-mute-all').click()
  await micIs(ann, false)
  await micIs(bob, false)
  await ann.keyboard.press('Escape')
})

it('keys: m and v turn my devices, ? shows the list, Escape closes it', async () => {
  await ann.keyboard.press('m')
  await micIs(ann, true)
  await ann.keyboard.press('v')
  await eventually(async () =>
    expect(await at(ann, 'btn-camera').getAttribute('aria-pressed')).toBe('false'),
  )
  await eventually(async () =>
    expect(await tileOf(bob, 'Ann').locator('video').isVisible()).toBe(false),
  )
  await ann.keyboard.press('v')
  await expectPicture(bob, tileOf(bob, 'Ann').locator('video'), 'red')
  await ann.keyboard.press('?')
  await at(ann, 'shortcut-help').waitFor()
  await ann.keyboard.press('Escape')
  await at(ann, 'shortcut-help').waitFor({ state: 'detached' })
})

it('a pinned tile is the large one until it is let go', async () => {
  const width = async (name: string) => (await tileOf(ann, name).boundingBox())?.width ?? 0
  await tileOf(ann, 'Bob').hover()
  await ann.getByRole('button', { name: 'Pin Bob' }).click()
  await eventually(async () => expect(await width('Bob')).toBeGreaterThan(2 * (await width('Ann'))))
  await ann.getByRole('button', { name: 'Unpin Bob' }).click()
  await eventually(async () => expect(await width('Bob')).toBe(await width('Ann')))
})

it('a reload inside the meeting ends inside the meeting, devices as before', async () => {
  await ann.keyboard.press('m')
  await micIs(ann, false)
  await ann.reload()
  await expectPicture(bob, tileOf(bob, 'Ann').locator('video'), 'red')
  await micIs(ann, false)
  await eventually(async () => expect(await tiles(ann).count()).toBe(2))
  // The same user as before: still the one who may end the meeting.
  expect(await at(ann, 'btn-end').isVisible()).toBe(true)
})

it('leaving is seen by the other, and one may come back', async () => {
  await at(bob, 'btn-leave').click()
  await eventually(async () => expect(await tiles(ann).count()).toBe(1))
  await ann.getByText('Bob left').waitFor()
  expect(await at(bob, 'meeting-over').getAttribute('data-ending')).toBe('left')
  await at(bob, 'enter-again').click()
  await eventually(async () => expect(await tiles(ann).count()).toBe(2))
})

it('ending it for all asks first and shows the others that it is over', async () => {
  await at(ann, 'btn-end').click()
  await at(ann, 'confirm-no').click()
  expect(await tiles(ann).count()).toBe(2)
  await at(ann, 'btn-end').click()
  await at(ann, 'confirm-yes').click()
  await eventually(async () =>
    expect(await at(bob, 'meeting-over').getAttribute('data-ending')).toBe('stopped'),
  )
  expect(await at(ann, 'meeting-over').getAttribute('data-ending')).toBe('ownEnd')
  expect(errors).toEqual([])
})

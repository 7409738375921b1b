import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  clickAt,
  drag,
  drawWithPen,
  expectColour,
  expectInk,
  inkOf,
  screenAt,
  thicknessAt,
  touchAlong,
} from '../support/board.ts'
import { launchFace, openPage } from '../support/browser.ts'
import { eventually } from '../support/eventually.ts'
import { RED } from '../support/media-files.ts'
import { type RunningServer, startServer } from '../support/server.ts'
import { at, createMeeting, DESKTOP, PHONE, signIn } from '../support/web-app.ts'

const RED_INK = '#d92d20'
const BLUE_INK = '#1769c2'
const GREEN_INK = '#1f9254'
/** As light as fills are. */
const GREEN_FILL = '#c7e4d4'
const WHITE = '#ffffff'

let server: RunningServer
let browser: Browser
let ann: Page
let bob: Page
let link: string
const errors: string[] = []

const open = async (url: string, options: object) => {
  const { page } = await openPage(browser, url, { locale: 'en-US', ...options })
  page.on('pageerror', (e) => errors.push(String(e)))
  return page
}
const enter = async (page: Page, name: string) => {
  await page.goto(link)
  await signIn(page, name)
  await at(page, 'join-now').click()
  await at(page, 'btn-leave').waitFor()
}

/** Whether something is drawn on a small picture of a page. */
const dark = (thumb: Locator) =>
  thumb.locator('canvas').evaluate((element) => {
    const canvas = element as HTMLCanvasElement
    const context = canvas.getContext('2d')
    const { data } = context?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] }
    return [...data].some((one, i) => i % 4 === 1 && one < 220)
  })

beforeAll(async () => {
  server = await startServer()
  browser = await launchFace(RED)
  ann = await open(server.url, DESKTOP)
  bob = await open(server.url, PHONE)
  await signIn(ann, 'Ann')
  link = (await createMeeting(ann, 'Board')).link
  await enter(bob, 'Bob')
})

afterAll(async () => {
  await browser.close()
  await server.stop()
  server.forget()
})

it('11 §2: a board that one opens is shown to all; 12 §6: a stroke reaches the other screen', async () => {
  await at(ann, 'btn-board').click()
  await at(bob, 'board').waitFor()
  await expectInk(bob, false)
  await drag(ann, [0.3, 0.3], [0.5, 0.3])
  await expectColour(ann, [0.4, 0.3], RED_INK)
  await expectColour(bob, [0.4, 0.3], RED_INK)
})

it('12 §6: a rectangle of another colour reaches the other screen, drawn on a phone', async () => {
  await at(bob, 'board-style').click()
  await at(bob, 'color-blue').click()
  await at(bob, 'tool-shapes').click()
  await at(bob, 'tool-rect').click()
  await drag(bob, [0.2, 0.5], [0.8, 0.8])
  for (const page of [ann, bob])
    for (const part of [
      [0.2, 0.65],
      [0.8, 0.65],
      [0.5, 0.5],
      [0.5, 0.8],
    ] as const)
      await expectColour(page, part, BLUE_INK)
  await expectColour(ann, [0.5, 0.65], WHITE)
})

it('12 §6: undo and redo take and bring back only what I did, for everybody', async () => {
  await at(ann, 'board-undo').click()
  await expectColour(bob, [0.4, 0.3], WHITE)
  await expectColour(bob, [0.5, 0.5], BLUE_INK)
  await at(ann, 'board-redo').click()
  await expectColour(bob, [0.4, 0.3], RED_INK)
})

it('12 §1.3: who comes late sees the same board', async () => {
  const late = await open(server.url, DESKTOP)
  await enter(late, 'Late')
  await expectColour(late, [0.4, 0.3], RED_INK)
  await expectColour(late, [0.5, 0.5], BLUE_INK)
  await late.context().close()
})

it('12 §6: the eraser takes whole elements, and one undo brings them back', async () => {
  await at(ann, 'tool-eraser').click()
  await drag(ann, [0.4, 0.2], [0.4, 0.6])
  await expectInk(bob, false)
  await ann.keyboard.press('Control+z')
  await expectColour(bob, [0.4, 0.3], RED_INK)
  await expectColour(bob, [0.5, 0.5], BLUE_INK)
})

it('12 §6: text is written where one clicks', async () => {
  await at(ann, 'tool-text').click()
  const before = await inkOf(bob)
  await clickAt(ann, [0.3, 0.1])
  await ann.keyboard.type('Hello 你好')
  await ann.keyboard.press('Enter')
  await eventually(async () => expect(await inkOf(bob)).toBeGreaterThan(before + 50))
})

it('12 §6: a text is made bold for everybody', async () => {
  await at(ann, 'tool-select').click()
  await clickAt(ann, [0.31, 0.115])
  const thin = await inkOf(bob)
  await at(ann, 'selection-marks').click()
  await at(ann, 'mark-bold').click()
  await eventually(async () => expect(await inkOf(bob)).toBeGreaterThan(thin * 1.02))
  await at(ann, 'selection-marks').click()
})

it('12 §6: what is selected is moved, coloured and resized for everybody', async () => {
  await at(ann, 'tool-select').click()
  await clickAt(ann, [0.2, 0.65])
  await at(ann, 'board-frame').waitFor()
  await drag(ann, [0.5, 0.65], [0.6, 0.65])
  await expectColour(bob, [0.9, 0.65], BLUE_INK)
  await expectColour(bob, [0.2, 0.65], WHITE)
  await at(ann, 'selection-color').click()
  await at(ann, 'color-green').click()
  await expectColour(bob, [0.9, 0.65], GREEN_INK)
  await drag(ann, [0.9, 0.8], [0.9, 0.9])
  await expectColour(bob, [0.6, 0.9], GREEN_INK)
  await ann.keyboard.press('Control+z')
  await ann.keyboard.press('Control+z')
  await ann.keyboard.press('Control+z')
  await expectColour(bob, [0.2, 0.65], BLUE_INK)
})

it('12 §5: others see where the laser pointer is, with a name', async () => {
  await at(ann, 'tool-laser').click()
  // It is there for two seconds.
  const point = async () => {
    await ann.mouse.move(...(await screenAt(ann, [0.5, 0.4])))
    await ann.mouse.move(...(await screenAt(ann, [0.6, 0.4])))
  }
  await Promise.all([at(bob, 'board-spot').getByText('Ann').waitFor(), point()])
  await at(bob, 'board-spot').waitFor({ state: 'detached' })
})

it('12 §6: pages are turned together, and each has its own picture among the small ones', async () => {
  await at(ann, 'board-pages').click()
  await at(ann, 'board-thumb').nth(2).click()
  await expectInk(bob, false)
  expect(await at(bob, 'board-paper').getAttribute('data-page')).toBe('2')
  await at(ann, 'tool-marker').click()
  await drag(ann, [0.2, 0.2], [0.8, 0.2])
  await expectInk(bob, true)
  await eventually(async () => expect(await dark(at(ann, 'board-thumb').nth(2))).toBe(true))
  expect(await dark(at(ann, 'board-thumb').nth(1))).toBe(false)
  await at(bob, 'board-previous').click()
  await eventually(async () =>
    expect(await at(ann, 'board-paper').getAttribute('data-page')).toBe('1'),
  )
  await ann.keyboard.press('PageUp')
  await expectColour(bob, [0.5, 0.5], BLUE_INK)
  await at(ann, 'board-pages').click()
})

it('12 §1: zoom is everybody’s own, with wheel and keys', async () => {
  await ann.mouse.move(...(await screenAt(ann, [0.5, 0.5])))
  const before = await at(ann, 'board-fit').textContent()
  const others = await at(bob, 'board-fit').textContent()
  await ann.keyboard.down('Control')
  await ann.mouse.wheel(0, -240)
  await ann.keyboard.up('Control')
  await eventually(async () => expect(await at(ann, 'board-fit').textContent()).not.toBe(before))
  expect(await at(bob, 'board-fit').textContent()).toBe(others)
  await at(ann, 'board-fit').click()
  expect(await at(ann, 'board-fit').textContent()).toBe(before)
})

it('12 §2: another board for everybody; closing it brings back the first', async () => {
  await at(ann, 'board-new').click()
  const tabs = (count: number) =>
    eventually(async () => expect(await at(bob, 'board-tab').count()).toBe(count))
  await expectInk(bob, false)
  await tabs(2)
  await at(ann, 'board-close').click()
  await at(ann, 'confirm-yes').click()
  await expectColour(bob, [0.5, 0.5], BLUE_INK)
  await tabs(1)
})

it('12 §6: clearing the page is asked first and empties it for everybody', async () => {
  await at(ann, 'board-menu').click()
  await at(ann, 'board-clear').click()
  await at(ann, 'confirm-yes').click()
  await expectInk(bob, false)
})

it('12 §6: a pen that presses harder draws a thicker line, on the other screen too', async () => {
  await at(ann, 'tool-pen').click()
  await drawWithPen(
    ann,
    [
      [0.2, 0.3],
      [0.8, 0.3],
    ],
    [0.1, 1],
  )
  for (const page of [ann, bob])
    await eventually(async () => {
      const [light, firm] = [
        await thicknessAt(page, [0.25, 0.3]),
        await thicknessAt(page, [0.72, 0.3]),
      ]
      expect(light).toBeGreaterThan(0)
      expect(firm).toBeGreaterThan(light)
    })
})

it('12 §6: a finger draws; two fingers enlarge one’s own view, and draw nothing', async () => {
  await at(bob, 'tool-pen').click()
  await touchAlong(bob, [
    [0.2, 0.6],
    [0.6, 0.6],
  ])
  await expectColour(ann, [0.4, 0.6], BLUE_INK)
  const drawn = await inkOf(ann)
  const [own, others] = [
    await at(bob, 'board-fit').textContent(),
    await at(ann, 'board-fit').textContent(),
  ]
  await touchAlong(
    bob,
    [
      [0.45, 0.5],
      [0.2, 0.5],
    ],
    [
      [0.55, 0.5],
      [0.8, 0.5],
    ],
  )
  await eventually(async () =>
    expect(Number.parseInt((await at(bob, 'board-fit').textContent()) ?? '', 10)).toBeGreaterThan(
      2 * Number.parseInt(own ?? '', 10),
    ),
  )
  await at(bob, 'board-fit').click()
  expect(await at(bob, 'board-fit').textContent()).toBe(own)
  expect(await at(ann, 'board-fit').textContent()).toBe(others)
  // The end of the stroke came meanwhile, and soft edges were painted anew; a line has a thousand pixels.
  expect(Math.abs((await inkOf(ann)) - drawn)).toBeLessThan(200)
})

it('12 §6: a polygon, filled, is closed with a double click and reaches the other screen', async () => {
  await at(ann, 'tool-shapes').click()
  await at(ann, 'tool-polygon').click()
  await at(ann, 'board-style').click()
  await at(ann, 'board-filled').check()
  await clickAt(ann, [0.1, 0.7])
  await clickAt(ann, [0.3, 0.7])
  await ann.mouse.dblclick(...(await screenAt(ann, [0.2, 0.95])))
  for (const page of [ann, bob])
    for (const part of [
      [0.2, 0.7],
      [0.15, 0.825],
      [0.25, 0.825],
    ] as const)
      await expectColour(page, part, GREEN_INK)
  await expectColour(bob, [0.2, 0.75], GREEN_FILL)

  for (const part of [
    [0.4, 0.72],
    [0.5, 0.72],
    [0.45, 0.9],
  ] as const)
    await clickAt(ann, part)
  await ann.keyboard.press('Enter')
  await expectColour(bob, [0.45, 0.72], GREEN_INK)
  await clickAt(ann, [0.8, 0.2])
  await ann.keyboard.press('Escape')
  await at(ann, 'polygon-done').waitFor({ state: 'detached' })
})

it('12 §6: stamps and texts of several lines are made on a phone', async () => {
  await at(bob, 'tool-shapes').tap()
  await at(bob, 'tool-stamp').tap()
  await at(bob, 'board-style').tap()
  await at(bob, 'stamp-cross').tap()
  await at(bob, 'width-16').tap()
  await at(bob, 'board-style').tap()
  await bob.touchscreen.tap(...(await screenAt(bob, [0.6, 0.8])))
  await expectColour(ann, [0.6, 0.8], BLUE_INK)
  await expectColour(ann, [0.57, 0.8], WHITE)

  await at(bob, 'tool-text').tap()
  await bob.touchscreen.tap(...(await screenAt(bob, [0.75, 0.7])))
  await bob.keyboard.type('A')
  await bob.keyboard.press('Enter')
  await bob.keyboard.type('B')
  expect(await at(bob, 'board-words').inputValue()).toBe('A\nB')
  const before = await inkOf(ann)
  await at(bob, 'text-done').tap()
  await eventually(async () => expect(await inkOf(ann)).toBeGreaterThan(before + 50))
})

it('11 §2: the pictures come back for everybody', async () => {
  await at(bob, 'btn-board').click()
  await at(ann, 'board').waitFor({ state: 'detached' })
  expect(errors).toEqual([])
})

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { launchFace, openPage } from '../support/browser.ts'
import { startCutProxy } from '../support/cut-proxy.ts'
import { eventually } from '../support/eventually.ts'
import { BLUE, GREEN, RED } from '../support/media-files.ts'
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
let words: string
let proxy: Awaited<ReturnType<typeof startCutProxy>>
const browsers: Browser[] = []
const errors: string[] = []
let ann: Page
let bob: Page
let cai: Page
let path: string

const open = async (i: number, url: string, options: object) => {
  const opened = await openPage(browsers[i] as Browser, url, options)
  opened.page.on('pageerror', (e) => errors.push(String(e)))
  return opened.page
}

beforeAll(async () => {
  words = mkdtempSync(join(tmpdir(), 'yuntang-words-'))
  writeFileSync(join(words, 'words.txt'), 'secretword\n')
  server = await startServer({ FORBIDDEN_WORDS_FILE: join(words, 'words.txt') })
  proxy = await startCutProxy(server.port)
  for (const face of [RED, GREEN, BLUE]) browsers.push(await launchFace(face))
  ann = await open(0, server.url, { ...DESKTOP, locale: 'en-US', colorScheme: 'light' })
  bob = await open(1, proxy.url, { ...PHONE, locale: 'zh-CN', colorScheme: 'dark' })
  await signIn(ann, 'Ann')
  const { link } = await createMeeting(ann, 'Weekly')
  path = new URL(link).pathname
  await bob.goto(`${proxy.url}${path}`)
  await signIn(bob, 'Bob')
  await at(bob, 'join-now').click()
  await tileOf(ann, 'Bob').waitFor()
})

afterAll(async () => {
  for (const b of browsers) await b.close()
  await proxy.close()
  await server.stop()
  server.forget()
  rmSync(words, { recursive: true })
})

const log = (page: Page) => at(page, 'chat-log')
const line = (page: Page, text: string) => log(page).locator('li').filter({ hasText: text })
const write = async (page: Page, text: string) => {
  await at(page, 'chat-text').fill(text)
  await at(page, 'chat-text').press('Enter')
}
const name = (page: Page, id: string) => at(page, id).getAttribute('aria-label')

it('11 §1: a message to everybody reaches the others; who does not look sees a count', async () => {
  await ann.keyboard.press('c')
  await write(ann, 'Hello <b>all</b>, see https://example.com/a?b=1#c.')
  expect(await bob.title()).toMatch(/^(\(1\) )?Weekly – /)
  await line(ann, 'Hello').getByText('Sent', { exact: true }).waitFor()
  await eventually(async () => {
    expect(await name(bob, 'btn-chat')).toBe('聊天，1 条未读')
    expect(await bob.title()).toMatch(/^\(1\) Weekly – /)
    expect(await at(bob, 'chat-status').textContent()).toContain('聊天，1 条未读')
  })
  await at(bob, 'btn-chat').click()
  const got = line(bob, 'Hello <b>all</b>, see https://example.com/a?b=1#c.')
  await got.waitFor()
  expect(await got.textContent()).toContain('Ann')
  expect(await got.locator('time').getAttribute('datetime')).toMatch(/^2\d{3}-\d\d-\d\dT/)
  expect(await got.locator('b').count()).toBe(0)
  const link = got.locator('a')
  expect(await link.getAttribute('href')).toBe('https://example.com/a?b=1#c')
  expect(await link.getAttribute('rel')).toContain('noopener')
  expect(await link.getAttribute('target')).toBe('_blank')
  expect(await name(bob, 'btn-chat')).toBe('聊天')
  expect(await bob.title()).toMatch(/^Weekly – /)
  // My own messages count as read.
  expect(await name(ann, 'btn-chat')).toBe('Chat')
})

it('Shift+Enter makes a line, Escape closes, what was begun is still there', async () => {
  await at(ann, 'chat-text').pressSequentially('first')
  await at(ann, 'chat-text').press('Shift+Enter')
  await at(ann, 'chat-text').pressSequentially('second')
  await ann.keyboard.press('Escape')
  await log(ann).waitFor({ state: 'detached' })
  await ann.keyboard.press('c')
  expect(await at(ann, 'chat-text').inputValue()).toBe('first\nsecond')
  await at(ann, 'chat-text').press('Enter')
  await line(bob, 'second').waitFor()
  expect(await line(bob, 'second').locator('.text').textContent()).toBe('first\nsecond')
})

it('Enter while an input method composes chooses characters and sends nothing', async () => {
  const keys = await ann.context().newCDPSession(ann)
  await at(ann, 'chat-text').focus()
  await keys.send('Input.imeSetComposition', { text: 'ni', selectionStart: 2, selectionEnd: 2 })
  const enter = { key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 229 }
  await keys.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...enter })
  await keys.send('Input.dispatchKeyEvent', { type: 'keyUp', ...enter })
  await keys.send('Input.insertText', { text: '你好' })
  expect(await at(ann, 'chat-text').inputValue()).toBe('你好')
  // The key that ends a composition in Safari, and Escape, which gives it up.
  for (const key of ['Enter', 'Escape'])
    await at(ann, 'chat-text').dispatchEvent('keydown', { key, keyCode: 229 })
  expect(await at(ann, 'chat-text').inputValue()).toBe('你好')
  await at(ann, 'chat-text').fill('')
})

it('11 §1: a private message is for the chosen member only; a late joiner reads the others', async () => {
  await at(ann, 'chat-to').selectOption({ label: 'Bob' })
  await write(ann, 'just between us')
  await line(bob, 'just between us').getByText('仅发给您').waitFor()
  await line(ann, 'just between us').getByText('Only to Bob').waitFor()
  await line(bob, 'just between us').getByRole('button', { name: '回复' }).click()
  expect(await at(bob, 'chat-text').getAttribute('placeholder')).toBe('只有Ann能看到')
  await at(bob, 'chat-to').selectOption({ label: '所有人' })
  await at(ann, 'chat-to').selectOption({ label: 'Everyone' })
  cai = await open(2, `${server.url}${path}`, { ...DESKTOP, locale: 'en-US' })
  await signIn(cai, 'Cai')
  await at(cai, 'join-now').click()
  await tileOf(cai, 'Ann').waitFor()
  expect(await name(cai, 'btn-chat')).toBe('Chat')
  await cai.keyboard.press('c')
  await line(cai, 'second').waitFor()
  expect(await log(cai).locator('li').count()).toBe(2)
  await write(cai, 'I am late')
  await line(bob, 'I am late').waitFor()
  expect(await line(cai, 'just between us').count()).toBe(0)
})

it('a message waits while the connection is away and says so; then it is sent once', async () => {
  proxy.cut(true)
  await bob.getByText('正在重连').first().waitFor()
  await at(bob, 'chat-text').fill('通话断了')
  await at(bob, 'chat-send').click()
  await line(bob, '通话断了').getByText('发送中').waitFor()
  proxy.mend()
  await line(bob, '通话断了').getByText('已发送').waitFor()
  await line(ann, '通话断了').waitFor()
  expect(await line(ann, '通话断了').count()).toBe(1)
  expect(await line(bob, '通话断了').count()).toBe(1)
})

it('a message that is too long stays in the field, which says so', async () => {
  await write(cai, 'x'.repeat(33_000))
  await at(cai, 'chat-too-long').getByText('Too long: 33 of 32 KB.').waitFor()
  expect((await at(cai, 'chat-text').inputValue()).length).toBe(33_000)
  await at(cai, 'chat-text').fill('')
  await at(cai, 'chat-too-long').waitFor({ state: 'detached' })
})

it('a message that is refused says why, can be changed, and is sent then', async () => {
  await write(cai, 'a secretword in it')
  const refused = at(cai, 'chat-waiting')
  await refused.getByText('contains a word that is not allowed').waitFor()
  expect(await refused.getByRole('button', { name: 'Try again' }).count()).toBe(0)
  await refused.getByRole('button', { name: 'Edit' }).click()
  await refused.waitFor({ state: 'detached' })
  expect(await at(cai, 'chat-text').inputValue()).toBe('a secretword in it')
  await write(cai, 'nothing in it')
  await line(ann, 'nothing in it').waitFor()
})

it('a long message is shown by its beginning; who reads back is told of what comes below', async () => {
  const long = Array.from({ length: 60 }, (_, i) => `line ${i + 1}`).join('\n')
  await write(cai, long)
  const got = line(ann, 'line 20')
  await got.getByRole('button', { name: 'Show all' }).click()
  expect(await got.locator('.text').textContent()).toBe(long)
  await log(ann).evaluate((element) => element.scrollTo({ top: 0 }))
  await write(cai, 'below')
  await at(ann, 'chat-newer').getByText('1 new below').click()
  await at(ann, 'chat-newer').waitFor({ state: 'detached' })
})

it('11 §1: after a reload the messages are there, with the names of those who left', async () => {
  await at(cai, 'btn-leave').click()
  await tileOf(bob, 'Cai').waitFor({ state: 'detached' })
  await bob.reload()
  await at(bob, 'btn-chat').click()
  for (const [text, who] of [
    ['just between us', 'Ann'],
    ['I am late', 'Cai'],
  ] as const)
    expect(await line(bob, text).locator('.name').textContent()).toBe(who)
  await cai.goto(`${server.url}${path}`)
  await at(cai, 'join-now').click()
  await tileOf(cai, 'Ann').waitFor()
  await tileOf(bob, 'Cai').waitFor()
})

it('a reload loses neither what is unread nor what is being written', async () => {
  const again = async () => {
    await cai.reload()
    await tileOf(cai, 'Bob').waitFor()
  }
  await at(cai, 'btn-chat').click()
  await at(cai, 'chat-text').fill('half a thought')
  await at(cai, 'btn-chat').click()
  await at(cai, 'chat-text').waitFor({ state: 'detached' })
  await write(bob, 'while you are away')
  await eventually(async () => expect(await name(cai, 'btn-chat')).toContain('1'))
  await again()
  await eventually(async () => expect(await name(cai, 'btn-chat')).toContain('1'))
  await at(cai, 'btn-chat').click()
  await line(cai, 'while you are away').waitFor()
  expect(await at(cai, 'chat-text').inputValue()).toBe('half a thought')
  await eventually(async () => expect(await name(cai, 'btn-chat')).not.toContain('1'))
  await at(cai, 'chat-text').fill('')
  await again()
  await at(cai, 'btn-chat').click()
  await line(cai, 'while you are away').waitFor()
  expect(await at(cai, 'chat-text').inputValue()).toBe('')
  await at(cai, 'btn-chat').click()
})

it('nothing of the chat stands out of a phone', async () => {
  const { width, inner } = await bob.evaluate(() => ({
    width: document.documentElement.scrollWidth,
    inner: innerWidth,
  }))
  expect(width).toBeLessThanOrEqual(inner)
  const box = await at(bob, 'chat-send').boundingBox()
  expect(box && Math.min(box.width, box.height)).toBeGreaterThanOrEqual(44)
  expect(box && box.y + box.height).toBeLessThanOrEqual(844)
  await bob.keyboard.press('Escape')
})

it('11 §3.1: everybody follows the layout that one chooses', async () => {
  await at(ann, 'btn-wall').click()
  expect(await at(ann, 'wall--1').getAttribute('aria-pressed')).toBe('true')
  await at(ann, 'wall-1').click()
  for (const page of [bob, cai])
    await eventually(async () => expect(await tiles(page).count()).toBe(1))
  // The first other member, by entry: Ann for the others, Bob for Ann.
  await tileOf(bob, 'Ann').waitFor()
  await tileOf(ann, 'Bob').waitFor()
  // Two, one of whom is not there for each.
  await at(ann, 'wall-2').click()
  for (const page of [ann, bob, cai])
    await eventually(async () => expect(await tiles(page).count()).toBe(2))
  await at(ann, 'wall-4').click()
  for (const page of [ann, bob, cai])
    await eventually(async () => expect(await tiles(page).count()).toBe(3))
  await eventually(async () => {
    const large = await tileOf(cai, 'Ann').boundingBox()
    const small = await tileOf(cai, 'Bob').boundingBox()
    expect(Math.abs((large?.width ?? 0) / (small?.width ?? 1) - 3)).toBeLessThan(0.15)
    expect((large?.width ?? 0) / (large?.height ?? 1)).toBeCloseTo(16 / 9, 1)
  })
  // An upright phone shows the same people, the large one across its whole width.
  await eventually(async () => {
    const stage = await bob.locator('section.area').boundingBox()
    const large = await tileOf(bob, 'Ann').boundingBox()
    const small = await tileOf(bob, 'Cai').boundingBox()
    expect(large?.width).toBeGreaterThan((stage?.width ?? 0) - 20)
    expect((small?.y ?? 0) - (large?.y ?? 0)).toBeGreaterThan((large?.height ?? 0) - 1)
  })
})

it('11 §4: the main video is the large one for everybody until it leaves', async () => {
  const width = async (page: Page, who: string) =>
    (await tileOf(page, who).boundingBox())?.width ?? 0
  await tileOf(ann, 'Cai').hover()
  await ann.getByRole('button', { name: 'Show Cai large for everyone', exact: true }).click()
  for (const page of [ann, bob, cai])
    await eventually(async () =>
      expect(await width(page, 'Cai')).toBeGreaterThan(2 * (await width(page, 'Ann'))),
    )
  await expectPicture(bob, tileOf(bob, 'Cai').locator('video'), 'blue')
  await at(ann, 'wall--1').click()
  await eventually(async () =>
    expect(await width(bob, 'Cai')).toBeGreaterThan(2 * (await width(bob, 'Ann'))),
  )
  await at(cai, 'btn-leave').click()
  for (const page of [ann, bob]) {
    await eventually(async () => expect(await tiles(page).count()).toBe(2))
    await eventually(async () => expect(await width(page, 'Ann')).toBe(await width(page, 'Bob')))
  }
  expect(errors).toEqual([])
})

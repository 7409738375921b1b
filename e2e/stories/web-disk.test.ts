import { createHash, randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { launchFace, openPage } from '../support/browser.ts'
import { eventually } from '../support/eventually.ts'
import { GREEN, RED } from '../support/media-files.ts'
import { type RunningServer, startServer } from '../support/server.ts'
import { at, createMeeting, DESKTOP, PHONE, shoot, signIn } from '../support/web-app.ts'

const MIB = 1024 * 1024
let server: RunningServer
const browsers: Browser[] = []
const errors: string[] = []
let ann: Page
let bob: Page

const used = (text: string) =>
  eventually(async () => expect(await at(ann, 'disk-quota').textContent()).toBe(text))
const hash = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
const give = (page: Page, name: string, buffer: Buffer) =>
  at(page, 'disk-input').setInputFiles({ name, mimeType: 'application/octet-stream', buffer })
const file = (page: Page, name: string) => at(page, `file-${name}`)
const transfer = (page: Page, name: string) => at(page, `transfer-${name}`)

beforeAll(async () => {
  server = await startServer({ NET_DISK_MB: '24' })
  for (const face of [RED, GREEN]) browsers.push(await launchFace(face))
  const open = async (i: number, options: object) => {
    const { page } = await openPage(browsers[i] as Browser, server.url, options)
    page.on('pageerror', (e) => errors.push(String(e)))
    return page
  }
  ann = await open(0, { ...DESKTOP, locale: 'en-US' })
  bob = await open(1, { ...PHONE, locale: 'zh-CN', colorScheme: 'dark' })
  await signIn(ann, 'Ann')
  const { link } = await createMeeting(ann, 'Files')
  await bob.goto(link)
  await signIn(bob, 'Bob')
  await at(bob, 'join-now').click()
  await at(ann, 'btn-files').click()
  await at(bob, 'btn-more').click()
  await at(bob, 'more-files').click()
})
afterAll(async () => {
  for (const b of browsers) await b.close()
  await server?.stop()
  server?.forget()
  expect(errors).toEqual([])
})

it('06 §1: the panel is empty at first and says what it is for', async () => {
  await at(ann, 'disk-empty').waitFor()
  await at(bob, 'disk-empty').waitFor()
  await used('0 B of 24.0 MB used')
  await shoot(ann, 'disk-empty')
  await shoot(bob, 'disk-empty-phone')
})

it('06 §1: a shared file appears for others at once, who get the same bytes', async () => {
  const bytes = randomBytes(3 * MIB)
  await give(ann, '报告 "1".bin', bytes)
  await file(bob, '报告 "1".bin').waitFor()
  expect(await file(bob, '报告 "1".bin').textContent()).toContain('3.0 MB · Ann')
  await bob.getByText('Ann 共享了 报告 "1".bin').waitFor()
  const saving = bob.waitForEvent('download')
  await file(bob, '报告 "1".bin').getByTestId('file-download').click()
  const saved = await saving
  expect(hash(await readFile(await saved.path()))).toBe(hash(bytes))
  await used('3.0 MB of 24.0 MB used')
  await shoot(bob, 'disk-list-phone')
})

it('06 §1: files dropped into the panel are shared', async () => {
  const dropped = await ann.evaluateHandle(() => {
    const data = new DataTransfer()
    for (const name of ['one.txt', 'two.txt']) data.items.add(new File([name], name))
    return data
  })
  await at(ann, 'disk-drop').dispatchEvent('dragover', { dataTransfer: dropped })
  await shoot(ann, 'disk-drop')
  await at(ann, 'disk-drop').dispatchEvent('drop', { dataTransfer: dropped })
  for (const name of ['one.txt', 'two.txt']) await file(bob, name).waitFor()
})

it('06 §2: an upload shows how fast it is, stands still while paused, goes on after a reload', async () => {
  const network = await ann.context().newCDPSession(ann)
  const slow = (bytesPerSecond: number) =>
    network.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: 0,
      downloadThroughput: -1,
      uploadThroughput: bytesPerSecond,
    })
  await slow(MIB)
  const bytes = randomBytes(16 * MIB)
  await give(ann, 'slow.bin', bytes)
  const row = transfer(ann, 'slow.bin')
  await eventually(
    async () => expect(await row.textContent()).toMatch(/MB of 16\.0 MB · .*B\/s · .* left/),
    20_000,
  )
  await shoot(ann, 'disk-running')
  await row.getByTestId('transfer-pause').click()
  await eventually(async () => expect(await row.textContent()).toMatch(/Paused at \d+ %/))
  await shoot(ann, 'disk-paused')
  // What was on its way arrives.
  await eventually(async () => {
    const before = await row.textContent()
    expect(before).toMatch(/Paused at \d?\d %/)
    await ann.waitForTimeout(1500)
    expect(await row.textContent()).toBe(before)
  })
  await row.getByTestId('transfer-resume').click()
  await row.getByTestId('transfer-pause').waitFor()

  const asked = ann.waitForEvent('dialog')
  const reloaded = ann.reload()
  const dialog = await asked
  expect(dialog.type()).toBe('beforeunload')
  await dialog.accept()
  await reloaded
  await at(ann, 'btn-files').click()
  const half = ann.getByTestId('unfinished-slow.bin')
  await half.waitFor()
  expect(await half.textContent()).toMatch(/[1-9]\d* % is there\. Choose the file again to go on\./)
  await shoot(ann, 'disk-unfinished')
  const choose = (name: string, buffer: Buffer) =>
    half.getByTestId('unfinished-input').setInputFiles({ name, mimeType: 'x/y', buffer })
  await choose('other.bin', bytes.subarray(1))
  await ann.getByText('That is another file. Choose slow.bin as it was.').waitFor()
  await slow(-1)
  await choose('slow.bin', bytes)
  await file(bob, 'slow.bin').waitFor()
  const saving = bob.waitForEvent('download')
  await file(bob, 'slow.bin').getByTestId('file-download').click()
  expect(hash(await readFile(await (await saving).path()))).toBe(hash(bytes))
  await used('19.0 MB of 24.0 MB used')
})

it('06 §2: cancelling leaves nothing, also of what an earlier page began', async () => {
  const network = await ann.context().newCDPSession(ann)
  await network.send('Network.emulateNetworkConditions', {
    ...{ offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 64 * 1024 },
  })
  await give(ann, 'never.bin', randomBytes(2 * MIB))
  await transfer(ann, 'never.bin').getByTestId('transfer-cancel').click()
  await transfer(ann, 'never.bin').waitFor({ state: 'detached' })
  await network.detach()
  await used('19.0 MB of 24.0 MB used')
})

it('a file that is dropped beside every place for it does not take the page away', async () => {
  const refused = await ann.evaluate(() => {
    const dataTransfer = new DataTransfer()
    dataTransfer.items.add(new File(['x'], 'x.pdf'))
    const drop = (type: string) =>
      document.body.dispatchEvent(
        new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }),
      )
    return [drop('dragover'), drop('drop')]
  })
  expect(refused).toEqual([false, false])
})

it('06 §3: what does not fit says so in plain words, and can be put away', async () => {
  await give(bob, 'huge.bin', Buffer.alloc(22 * MIB))
  const row = transfer(bob, 'huge.bin')
  await row.getByText('会议的文件空间不足').waitFor()
  await shoot(bob, 'disk-full-phone')
  await row.getByTestId('transfer-cancel').click()
  await row.waitFor({ state: 'detached' })
})

it('06 §9: owner and creator delete after a question, others cannot; it goes for everybody', async () => {
  await file(bob, 'one.txt').getByTestId('file-download').waitFor()
  expect(await file(bob, 'one.txt').getByTestId('file-remove').count()).toBe(0)
  await give(bob, 'bobs.txt', Buffer.from('mine'))
  await file(bob, 'bobs.txt').getByTestId('file-remove').waitFor()
  await file(ann, 'bobs.txt').getByTestId('file-remove').click()
  await shoot(ann, 'disk-delete')
  await ann.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click()
  for (const page of [ann, bob]) await file(page, 'bobs.txt').waitFor({ state: 'detached' })
})

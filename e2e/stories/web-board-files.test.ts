import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { drag, dropFiles, expectColour, expectInk } from '../support/board.ts'
import { launchFace, openPage } from '../support/browser.ts'
import { eventually } from '../support/eventually.ts'
import { RED } from '../support/media-files.ts'
import { colouredPdf } from '../support/pdf.ts'
import { type RunningServer, startServer } from '../support/server.ts'
import { at, createMeeting, DESKTOP, shoot, signIn } from '../support/web-app.ts'

let server: RunningServer
let browser: Browser
let ann: Page
let bob: Page
let dir: string
const errors: string[] = []
const hosts = new Set<string>()

const open = async () => {
  const { page } = await openPage(browser, server.url, { ...DESKTOP, locale: 'en-US' })
  page.on('pageerror', (e) => errors.push(String(e)))
  page.on('request', (request) => {
    const { protocol, host } = new URL(request.url())
    if (protocol.startsWith('http')) hosts.add(host)
  })
  return page
}

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'board-files-'))
  server = await startServer()
  browser = await launchFace(RED)
  ann = await open()
  bob = await open()
  await signIn(ann, 'Ann')
  const { link } = await createMeeting(ann, 'Files')
  await bob.goto(link)
  await signIn(bob, 'Bob')
  await at(bob, 'join-now').click()
  await at(ann, 'btn-board').click()
  await at(bob, 'board').waitFor()
})

afterAll(async () => {
  await browser.close()
  await server.stop()
  server.forget()
  await rm(dir, { recursive: true, force: true })
})

/** A file of this machine. */
const fileWith = async (name: string, content: Buffer | string) => {
  const file = path.join(dir, name)
  await writeFile(file, content)
  return file
}
/** A picture of one colour. */
const pictureOf = async (colour: string, width: number, height: number) => {
  const data = await ann.evaluate(
    ([fill, w, h]) => {
      const canvas = Object.assign(document.createElement('canvas'), { width: w, height: h })
      const context = canvas.getContext('2d')
      if (context) context.fillStyle = fill
      context?.fillRect(0, 0, w, h)
      return canvas.toDataURL('image/png').split(',')[1] ?? ''
    },
    [colour, width, height] as const,
  )
  return Buffer.from(data, 'base64')
}

const save = async (kind: 'png' | 'pdf') => {
  await at(ann, 'board-menu').click()
  const [download] = await Promise.all([
    ann.waitForEvent('download'),
    at(ann, `board-save-${kind}`).click(),
  ])
  return { name: download.suggestedFilename(), content: await readFile(await download.path()) }
}

it('12 §6, type 9: a picture from a file is seen by everybody', async () => {
  const buffer = await pictureOf('#00a000', 3000, 1500)
  await at(ann, 'board-picture-file').setInputFiles({
    name: 'green.png',
    mimeType: 'image/png',
    buffer,
  })
  await expectColour(bob, [0.5, 0.5], '#00a000')
  await expectColour(bob, [0.1, 0.5], '#ffffff')
})

it('12 §6, type 9: pictures that are dropped lie where they were dropped; what is none is said', async () => {
  const violet = await fileWith('violet.png', await pictureOf('#8000ff', 200, 100))
  const words = await fileWith('words.txt', 'no picture')
  await dropFiles(ann, [0.1, 0.85], [words, violet], () =>
    ann.getByText('Drop pictures or a PDF here').waitFor(),
  )
  await ann.getByText('words.txt is neither a picture nor a PDF.').waitFor()
  await expectColour(bob, [0.1, 0.85], '#8000ff')
  expect(await ann.getByText('Drop pictures or a PDF here').count()).toBe(0)
})

it('12 §3: squares in the background, and what is written stays', async () => {
  await at(ann, 'board-menu').click()
  await at(ann, 'background-grid').click()
  await expectColour(bob, [0.5, 40 / 720], '#d3deea')
  await expectColour(bob, [0.5, 0.5], '#00a000')
})

it('12 §3: a picture of the net disk becomes the background, and squares come back', async () => {
  await at(ann, 'btn-files').click()
  await at(ann, 'disk-input').setInputFiles([
    { name: 'sky.png', mimeType: 'image/png', buffer: await pictureOf('#3070c0', 1280, 720) },
    { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('no picture') },
  ])
  for (const name of ['sky.png', 'notes.txt']) await at(ann, `file-${name}`).waitFor()
  await at(ann, 'btn-files').click()
  await at(ann, 'board-menu').click()
  await at(ann, 'background-sky.png').waitFor()
  await shoot(ann, 'board-background')
  expect(await at(ann, 'background-notes.txt').count()).toBe(0)
  await at(ann, 'background-sky.png').click()
  await expectColour(bob, [0.9, 0.3], '#3070c0')
  await expectColour(bob, [0.5, 0.5], '#00a000')
  await at(ann, 'board-menu').click()
  await at(ann, 'background-grid').click()
  await expectColour(bob, [0.9, 0.3], '#ffffff')
})

it('12 §1: a page is saved as PNG', async () => {
  const { name, content } = await save('png')
  expect(name).toBe('Board 1 1.png')
  const pixel = await ann.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (one) => one.charCodeAt(0))
    const picture = await createImageBitmap(new Blob([bytes]))
    const canvas = document.createElement('canvas')
    canvas.width = picture.width
    canvas.height = picture.height
    const context = canvas.getContext('2d')
    context?.drawImage(picture, 0, 0)
    const { data = [] } = context?.getImageData(picture.width / 2, picture.height / 2, 1, 1) ?? {}
    return { width: picture.width, colour: [...data].slice(0, 3) }
  }, content.toString('base64'))
  expect(pixel.width).toBe(2560)
  for (const [i, wanted] of [0, 160, 0].entries())
    expect(Math.abs((pixel.colour[i] ?? -1) - wanted)).toBeLessThan(8)
})

it('12 §2: a PDF that is dropped becomes a board whose pages it is the background of, for everybody', async () => {
  const buffer = colouredPdf([
    [1, 0, 0],
    [0, 0, 1],
  ])
  await dropFiles(ann, [0.5, 0.5], [await fileWith('Plan.pdf', buffer)])
  await bob.getByTestId('board-tab').filter({ hasText: 'Plan' }).waitFor()
  await eventually(async () => expect(await at(ann, 'board-busy').count()).toBe(0))
  await expectColour(bob, [0.5, 0.5], '#ff0000')
  await at(ann, 'board-next').click()
  await expectColour(bob, [0.5, 0.5], '#0000ff')
  await at(ann, 'tool-pen').click()
  await drag(ann, [0.3, 0.7], [0.7, 0.7])
  await expectInk(bob, true)
})

it('12 §1: all written pages are saved as one PDF', async () => {
  const { name, content } = await save('pdf')
  expect(name).toBe('Plan.pdf')
  expect(content.subarray(0, 5).toString()).toBe('%PDF-')
  // What was saved can be shown again.
  const file = { name: 'Again.pdf', mimeType: 'application/pdf', buffer: content }
  await at(ann, 'board-document-file').setInputFiles(file)
  await bob.getByTestId('board-tab').filter({ hasText: 'Again' }).waitFor()
  await expectColour(bob, [0.5, 0.5], '#ff0000')
  await eventually(async () => expect(await at(ann, 'board-busy').count()).toBe(0))
  await eventually(async () => expect(await at(bob, 'board-pages').textContent()).toBe('1 / 2'))
})

it('12 §2: what is no PDF is refused in words, and no other host was asked for anything', async () => {
  const file = { name: 'bad.pdf', mimeType: 'application/pdf', buffer: Buffer.from('nothing') }
  await at(ann, 'board-document-file').setInputFiles(file)
  await ann.getByText('bad.pdf cannot be read as a PDF.').waitFor()
  expect([...hosts]).toEqual([new URL(server.url).host])
  expect(errors).toEqual([])
})

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchFace } from '../support/browser.ts'
import { eventually } from '../support/eventually.ts'
import { GREEN, RED } from '../support/media-files.ts'
import { hostPages } from '../support/page-host.ts'
import { type RunningServer, startServer } from '../support/server.ts'
import { enterTyped, shownLines, type TypedWindow, watchTyped } from '../support/typed.ts'

describe('encodings of one camera (spec 08 §7: smaller layers for small views)', () => {
  let server: RunningServer
  let host: Awaited<ReturnType<typeof hostPages>>
  const browsers: Browser[] = []
  let sender: Page
  let viewer: Page

  beforeAll(async () => {
    server = await startServer()
    host = await hostPages(server.url)
    for (const face of [RED, GREEN]) browsers.push(await launchFace(face))
    const first = await enterTyped(browsers[0] as Browser, host.url, 'red', null)
    sender = first.page
    await sender.evaluate(() => (window as unknown as TypedWindow).meeting.camera.open())
    viewer = (await enterTyped(browsers[1] as Browser, host.url, 'green', first.id)).page
    await watchTyped(viewer, 'red', 360)
  })

  afterAll(async () => {
    for (const b of browsers) await b.close()
    await host.close()
    await server.stop()
    server.forget()
  })

  /** Encodings of the camera that send, by rid. */
  const sending = () =>
    sender.evaluate(() =>
      window.connections
        .flatMap((pc) => pc.getSenders())
        .filter((s) => s.track?.kind === 'video')
        .flatMap((s) => s.getParameters().encodings)
        .filter((e) => e.active)
        .map((e) => e.rid)
        .join(),
    )
  const resize = (height: number) =>
    viewer.evaluate((h) => (window as unknown as TypedWindow).resize(h), height)
  const shows = (lines: number) =>
    eventually(async () => expect(await shownLines(viewer)).toBe(lines))

  it('a large view gets the whole picture, a small one half of it, and back', async () => {
    await shows(360)
    await resize(100)
    await shows(180)
    await resize(720)
    await shows(360)
  })

  it('an encoding that nobody needs rests at the sender; a hidden view stops both', async () => {
    await resize(100)
    await eventually(async () => expect(await sending()).toBe('a'))
    // What is shown when it is hidden stays until there is another picture.
    await shows(180)
    await resize(0)
    await eventually(async () => expect(await sending()).toBe(''))
    await resize(360)
    await shows(360)
    await eventually(async () => expect(await sending()).toBe('a,b'))
  })
})

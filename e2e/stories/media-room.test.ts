import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchCameras, openPage } from '../support/browser.ts'
import { eventually } from '../support/eventually.ts'
import { type RoomProcess, startRoomProcess } from '../support/media-room.ts'

/** What a video on a page shows in its middle row, coarsely. */
const rowOf = (page: Page, at = 0) =>
  page.evaluate((n) => {
    const video = document.querySelectorAll('video')[n]
    if (!video?.videoWidth) return null
    const canvas = Object.assign(document.createElement('canvas'), { width: 64, height: 36 })
    const draw = canvas.getContext('2d') as CanvasRenderingContext2D
    draw.drawImage(video, 0, 0, 64, 36)
    return [...draw.getImageData(0, 18, 64, 1).data].map((v) => v >> 5).join()
  }, at)

/** Energy of what is heard of a video's stream over a while: 0 for silence. */
const heard = (page: Page, at = 0) =>
  page.evaluate(async (n) => {
    const stream = document.querySelectorAll('video')[n]?.srcObject as MediaStream | null
    if (!stream?.getAudioTracks().length) return 0
    const audio = new AudioContext()
    const meter = audio.createAnalyser()
    audio.createMediaStreamSource(stream).connect(meter)
    const samples = new Float32Array(meter.fftSize)
    let most = 0
    for (let i = 0; i < 40; i++) {
      await new Promise((r) => setTimeout(r, 25))
      meter.getFloatTimeDomainData(samples)
      most = Math.max(most, samples.reduce((sum, s) => sum + s * s, 0) / samples.length)
    }
    await audio.close()
    return most
  }, at)

describe('a media room for pages without a library (RFC 9725 WHIP, WHEP draft)', () => {
  let room: RoomProcess
  let browser: Browser
  let sender: Page
  let viewer: Page
  const errors: string[][] = []

  beforeAll(async () => {
    room = await startRoomProcess()
    browser = await launchCameras(1)
    const pages = [await openPage(browser, room.url), await openPage(browser, room.url)]
    for (const p of pages) errors.push(p.errors)
    ;[sender, viewer] = pages.map((p) => p.page) as [Page, Page]
  })
  afterAll(async () => {
    await browser?.close()
    expect(await room?.stop()).toBe(0)
  })

  const press = async (page: Page, name: string, says: string | RegExp = 'Done.') => {
    await page.getByRole('button', { name }).click()
    await eventually(async () => expect(await page.getByRole('status').textContent()).toMatch(says))
  }

  it('whoever watches before anybody publishes is told so', async () => {
    await press(viewer, 'Watch everybody', /Nobody publishes/)
  })

  it('one page publishes, the other sees moving pixels and hears energy', async () => {
    await press(sender, 'Publish a test picture')
    await press(viewer, 'Watch everybody')
    const first = await eventually(async () => {
      const row = await rowOf(viewer)
      expect(row).not.toBeNull()
      return row
    })
    await eventually(async () => expect(await rowOf(viewer)).not.toBe(first))
    await eventually(async () => expect(await heard(viewer)).toBeGreaterThan(0.01))
  })

  it('figures of packets, loss and processor time are printed and can be fetched', async () => {
    const figures = await (await fetch(`${room.url}/figures`)).json()
    expect(figures).toMatchObject({ publishers: 1, viewers: 1, connected: 2 })
    for (const name of ['packetsIn', 'packetsOut', 'cpuSeconds'])
      expect(figures[name]).toBeGreaterThan(0)
    await eventually(() =>
      expect(room.output()).toMatch(
        /1 publishers, 1 viewers, 2 connections; in [1-9]\d* packets\/s .*lost \d+\.\d\d %; out [1-9]\d* packets\/s .*CPU \d+\.\d\d cores/,
      ),
    )
  })

  it('a second publisher is seen by who watches anew; DELETE ends sessions', async () => {
    await press(sender, 'Publish the camera')
    await press(viewer, 'End all')
    await press(viewer, 'Watch everybody')
    await eventually(async () => {
      for (const at of [0, 1]) expect(await rowOf(viewer, at)).not.toBeNull()
    })
    await press(sender, 'End all')
    await press(viewer, 'End all')
    const figures = await (await fetch(`${room.url}/figures`)).json()
    expect(figures).toMatchObject({ publishers: 0, viewers: 0, connected: 0 })
  })

  it('a page that goes without a word leaves the room', async () => {
    await press(sender, 'Publish a test picture')
    await sender.close({ runBeforeUnload: false })
    await eventually(
      async () => expect(await (await fetch(`${room.url}/publishers`)).json()).toEqual([]),
      60_000,
    )
  }, 90_000)

  it('nothing went wrong on the pages but the refusal that was provoked', () => {
    expect(errors.flat().filter((e) => !e.includes('409'))).toEqual([])
  })
})

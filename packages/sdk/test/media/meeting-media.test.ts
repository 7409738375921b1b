/// <reference types="node" />
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'

let browser: Browser
let page: Page
const server = createServer()

beforeAll(async () => {
  const bundle = await build({
    entryPoints: [fileURLToPath(new URL('support/page.ts', import.meta.url))],
    bundle: true,
    write: false,
    conditions: ['source'],
    format: 'iife',
  })
  const script = bundle.outputFiles[0]?.text ?? ''
  server.on('request', (_request, response) => {
    response.setHeader('content-type', 'text/html')
    response.end(`<!doctype html><body><script>${script}</script>`)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--use-fake-device-for-media-stream=device-count=3',
      '--use-fake-ui-for-media-stream',
      '--autoplay-policy=no-user-gesture-required',
    ],
  })
  page = await browser.newPage()
  await page.goto(`http://localhost:${(server.address() as AddressInfo).port}/`)
}, 30_000)

afterAll(async () => {
  await browser?.close()
  server.close()
})

const elements = () => page.evaluate(() => document.querySelectorAll('audio').length)

test('08 §6.1: cameras and microphones are listed before anything was opened', async () => {
  const [cameras, first, mics] = await page.evaluate(async () => {
    const { devices } = window.page
    await devices.start()
    return [devices.cameras, devices.defaultVideo, devices.mics.length] as const
  })
  expect(cameras[0]).toMatchObject({ videoID: 1, name: expect.stringMatching(/./) })
  expect(first).toBe(1)
  expect(mics).toBeGreaterThan(0)
})

test('08 §7: a camera is sent in the configured size and follows a change while open', async () => {
  const sizes = await page.evaluate(async () => {
    const { devices, media, camera, mic, width } = window.page
    devices.setVideo({ sizeType: 6 })
    await media.openReceiver()
    await media.publish([await mic(), await camera(1)])
    const size = () => {
      const settings = devices.cameraTrack(1)?.getSettings()
      return `${settings?.width}×${settings?.height}`
    }
    const before = size()
    const shown = await width(1)
    devices.setVideo({ wh_rate: 1 })
    const until = performance.now() + 5000
    while (size() === before && performance.now() < until)
      await new Promise((next) => setTimeout(next, 20))
    return [before, shown > 0, size()]
  })
  expect(sizes).toEqual(['512×288', true, '384×288'])
})

test('08 §2.3: a received microphone plays in a hidden element with the speaker volume', async () => {
  const volume = await page.evaluate(() => {
    window.page.devices.speakerVolume = 51
    return document.querySelector('audio')?.volume
  })
  expect(await elements()).toBe(1)
  expect(volume).toBeCloseTo(0.2)
})

test('08 §5: both the own and the received microphone show a speech level', async () => {
  await expect
    .poll(() => page.evaluate(() => window.page.events.filter((e) => /0>[1-9]/.test(e)).join()))
    .toMatch(/(?=.*alice)(?=.*bob)/)
})

test('07 §6: the network level is reported within 5 s', async () => {
  await expect
    .poll(() => page.evaluate(() => window.page.events.join()), { timeout: 5000 })
    .toMatch(/network \d/)
})

test('08 §6: a closed camera is gone and its m-line carries the next one', async () => {
  const result = await page.evaluate(async () => {
    const { devices, events, media, mic, camera, width } = window.page
    devices.releaseCameras()
    await media.publish([await mic()])
    const until = performance.now() + 5000
    while (media.stream('bob', 1) && performance.now() < until)
      await new Promise((next) => setTimeout(next, 20))
    await media.publish([await mic(), await camera(3)])
    return [devices.cameraTrack(1), (await width(3)) > 0, events.includes('bob/1:false')]
  })
  expect(result).toEqual([null, true, true])
})

test('02 §5: after a reset both connections are built anew and everything flows again', async () => {
  const result = await page.evaluate(async () => {
    const { media, far, width } = window.page
    far.lose()
    far.calls.length = 0
    media.reset()
    return [
      (await width(3)) > 0,
      far.calls.includes('rtc.receive'),
      far.calls.includes('rtc.publish'),
    ]
  })
  expect(result).toEqual([true, true, true])
})

test('rtc.receive: an offer made before its answer is void and disturbs nothing', async () => {
  const result = await page.evaluate(async () => {
    const { media, far, width } = window.page
    const old = far.lastOffer()
    far.lose()
    media.reset()
    if (old) media.offer(old)
    return [old !== null, (await width(3)) > 0]
  })
  expect(result).toEqual([true, true])
})

test('08 §3: releasing while the microphone is being opened rejects and leaves it closed', async () => {
  const result = await page.evaluate(async () => {
    const { devices } = window.page
    devices.releaseMic()
    const opening = devices.captureMic().catch((error: DOMException) => error.name)
    devices.releaseMic()
    return [await opening, devices.micLevel()]
  })
  expect(result).toEqual(['AbortError', Number.NEGATIVE_INFINITY])
})

test('08 §5: closing sends a final 0 and removes the hidden elements', async () => {
  const last = await page.evaluate(() => {
    const { events, media } = window.page
    media.close()
    media.close()
    return events.filter((event) => event.startsWith('energy bob')).at(-1) ?? ''
  })
  expect(last).toMatch(/>0$/)
  expect(await elements()).toBe(0)
})

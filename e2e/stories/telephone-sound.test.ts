import { fileURLToPath } from 'node:url'
import { createProcessEngine, type MediaEngine } from '@yuntang/media'
import { createPhoneSound, type PhoneSound } from '@yuntang/telephony'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTelephone, type Telephone } from '../../packages/telephony/test/support/telephone.ts'
import { amplitudeOf } from '../../packages/telephony/test/support/tone.ts'
import { heardByPage, joinBare } from '../support/bare-page.ts'
import { launchFace, openPage } from '../support/browser.ts'
import { eventually } from '../support/eventually.ts'
import { RED } from '../support/media-files.ts'
import { hostPages } from '../support/page-host.ts'
import { freeUdpPort } from '../support/server.ts'

const dist = (name: string) =>
  fileURLToPath(new URL(`../../packages/server/dist/${name}.js`, import.meta.url))

let engine: MediaEngine
let sound: PhoneSound
let browser: Browser
let page: Page
let telephone: Telephone
let host: Awaited<ReturnType<typeof hostPages>>

/** The engine in its process, telephones in their thread, a page in a browser: all of it is real. */
beforeAll(async () => {
  engine = await createProcessEngine({
    port: await freeUdpPort(1),
    announce: ['127.0.0.1'],
    workerPath: dist('media-worker'),
  })
  // Below the ports that systems give to whoever asks for any.
  const first = 14_000 + (process.pid % 500) * 16
  sound = createPhoneSound({
    rooms: engine,
    ports: { first, last: first + 15 },
    bind: '127.0.0.1',
    workerPath: dist('phone-worker'),
    log: (_level, text, data) => console.error(text, data),
  })
  host = await hostPages('', { 'bare.html': '<!doctype html><title>bare</title>' })
  browser = await launchFace(RED)
  page = (await openPage(browser, `${host.url}/bare.html`)).page
})

afterAll(async () => {
  telephone?.close()
  await browser?.close()
  await host?.close()
  await sound?.close()
  await engine?.close()
})

test('a telephone and a page in a room hear each other, and the page is told how loud it is', async () => {
  await joinBare(page, engine, { room: 'r', peer: 'page' })
  const line = await sound.open()
  telephone = await openTelephone('PCMA')
  line.connect(telephone.target)
  telephone.speak(line.port, 700)
  await sound.join(line, { room: 'r', peer: 'telephone' })
  await eventually(async () => {
    const { hz, level } = await heardByPage(page)
    expect(Math.abs(hz - 700)).toBeLessThan(15)
    // −15 dBov.
    expect(level).toBeGreaterThan(0.1)
    expect(level).toBeLessThan(0.3)
  })
  await eventually(() => {
    expect(amplitudeOf(telephone.last(25), RED.tone, 8_000)).toBeGreaterThan(1_000)
    expect(amplitudeOf(telephone.last(25), 700, 8_000)).toBeLessThan(200)
  })
  // Muted: the page hears it no more, and it goes on hearing the page.
  await sound.mute(line, true)
  await eventually(async () => expect((await heardByPage(page)).loud).toBeLessThan(-90))
  await eventually(() =>
    expect(amplitudeOf(telephone.last(25), RED.tone, 8_000)).toBeGreaterThan(1_000),
  )
  line.close()
})

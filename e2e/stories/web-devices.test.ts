import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { FLAGS, launchFace, openPage } from '../support/browser.ts'
import { eventually } from '../support/eventually.ts'
import { RED } from '../support/media-files.ts'
import { type RunningServer, startServer } from '../support/server.ts'
import { at, createMeeting, DESKTOP, expectPicture, signIn, tiles } from '../support/web-app.ts'

let server: RunningServer
const browsers: Browser[] = []

beforeAll(async () => {
  server = await startServer()
  browsers.push(await launchFace(RED))
  browsers.push(
    await chromium.launch({
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: [
        ...FLAGS.filter((flag) => flag !== '--use-fake-device-for-media-stream'),
        '--use-fake-device-for-media-stream=device-count=3',
      ],
    }),
  )
})
afterAll(async () => {
  for (const b of browsers) await b.close()
  await server.stop()
  server.forget()
})

const enterLobby = async (i: number, options: object = {}): Promise<Page> => {
  const { page } = await openPage(browsers[i] as Browser, server.url, {
    locale: 'en-US',
    ...DESKTOP,
    ...options,
  })
  await signIn(page, 'Ann')
  await at(page, 'create-meeting').waitFor()
  return page
}
const create = async (page: Page) => {
  await at(page, 'create-subject').fill('Check')
  await at(page, 'create-meeting').click()
  await at(page, 'join-now').waitFor()
}
const level = async (page: Page) =>
  Number(await at(page, 'mic-level').getAttribute('aria-valuenow'))

/** New frames of this camera come, and they are to be seen. The third fake camera's do not change. */
const shows = (video: ReturnType<Page['locator']>, camera: string) =>
  eventually(async () => {
    expect(await video.isVisible()).toBe(true)
    const frames = () =>
      video.evaluate((element) => {
        const v = element as HTMLVideoElement
        const track = v.srcObject instanceof MediaStream ? v.srcObject.getVideoTracks()[0] : null
        return { label: track?.label, count: v.getVideoPlaybackQuality().totalVideoFrames }
      })
    const first = await frames()
    expect(first.label).toContain(camera)
    await video.page().waitForTimeout(300)
    expect((await frames()).count).toBeGreaterThan(first.count)
  }, 25_000)

it('before joining I see myself and the level of my microphone; Enter takes both along', async () => {
  const page = await enterLobby(0)
  await create(page)
  await expectPicture(page, at(page, 'preview-video'), 'red')
  await eventually(async () => expect(await level(page)).toBeGreaterThan(3))
  await page.keyboard.press('Enter')
  await expectPicture(page, tiles(page).first().locator('video'), 'red')
  await eventually(async () =>
    expect(await at(page, 'btn-mic').getAttribute('aria-pressed')).toBe('true'),
  )
  await page.context().close()
})

it('what I turn off stays off, in the meeting and the next time', async () => {
  const page = await enterLobby(0)
  await create(page)
  await at(page, 'preview-camera').click()
  await at(page, 'preview-mic').click()
  await page.getByText('Your camera is off').waitFor()
  await eventually(async () => expect(await level(page)).toBe(0))
  await at(page, 'join-now').click()
  await at(page, 'btn-leave').waitFor()
  expect(await at(page, 'btn-camera').getAttribute('aria-pressed')).toBe('false')
  expect(await at(page, 'btn-mic').getAttribute('aria-pressed')).toBe('false')
  await page.goto(server.url)
  await create(page)
  expect(await at(page, 'preview-camera').getAttribute('aria-pressed')).toBe('false')
  await page.context().close()
})

it('another microphone test: nobody hears it, the level moves', async () => {
  const page = await enterLobby(0)
  await createMeeting(page, 'Levels')
  await at(page, 'btn-mic').click()
  await at(page, 'btn-devices').click()
  await at(page, 'btn-test-mic').click()
  await eventually(async () => expect(await level(page)).toBeGreaterThan(3))
  expect(await at(page, 'btn-mic').getAttribute('aria-pressed')).toBe('false')
  await page.context().close()
})

it('08 §4: another camera is chosen before and in the meeting; a dead one is named as such', async () => {
  const page = await enterLobby(1)
  // The second camera is taken to be dead: it opens and never gives a picture.
  await page.addInitScript(() => {
    const { mediaDevices } = navigator
    const real = mediaDevices.getUserMedia.bind(mediaDevices)
    mediaDevices.getUserMedia = async (wanted) => {
      const stream = await real(wanted)
      const [camera] = stream.getVideoTracks()
      if (!camera?.label.startsWith('fake_device_1')) return stream
      const settings = camera.getSettings()
      camera.stop()
      const dead = document.createElement('canvas').captureStream(0)
      for (const track of dead.getTracks()) track.getSettings = () => settings
      return dead
    }
  })
  await page.reload()
  await create(page)
  const preview = at(page, 'preview-video')
  const own = tiles(page).first().locator('video')
  await shows(preview, 'fake_device_0')
  const names = await at(page, 'select-camera').locator('option').allTextContents()
  expect(names).toHaveLength(3)
  await at(page, 'select-camera').selectOption({ index: 1 })
  await page.getByText('This camera gives no picture. Choose another one.').waitFor()
  expect(await preview.isVisible()).toBe(false)
  await at(page, 'select-camera').selectOption({ index: 2 })
  await shows(preview, 'fake_device_2')
  await at(page, 'join-now').click()
  await shows(own, 'fake_device_2')
  await at(page, 'btn-devices').click()
  await at(page, 'select-camera').selectOption({ index: 0 })
  await shows(own, 'fake_device_0')
  await at(page, 'select-camera').selectOption({ index: 2 })
  await shows(own, 'fake_device_2')
  // It is the one that the next meeting begins with.
  await page.goto(server.url)
  await create(page)
  await eventually(async () =>
    expect(
      await at(page, 'select-camera').evaluate((s) => (s as HTMLSelectElement).selectedIndex),
    ).toBe(2),
  )
  await page.context().close()
})

it('without permission it says how to allow, and one can join without devices', async () => {
  const page = await enterLobby(0)
  await page.addInitScript(() => {
    navigator.mediaDevices.getUserMedia = () =>
      Promise.reject(new DOMException('denied', 'NotAllowedError'))
  })
  await page.reload()
  await create(page)
  await page.getByText('The browser blocks camera and microphone.', { exact: false }).waitFor()
  expect(await at(page, 'preview-camera').getAttribute('aria-pressed')).toBe('false')
  await at(page, 'join-now').click()
  await at(page, 'btn-leave').waitFor()
  await page.context().close()
})

it('a computer without any device joins to watch and listen', async () => {
  const page = await enterLobby(0)
  await page.addInitScript(() => {
    navigator.mediaDevices.enumerateDevices = () => Promise.resolve([])
    navigator.mediaDevices.getUserMedia = () =>
      Promise.reject(new DOMException('none', 'NotFoundError'))
  })
  await page.reload()
  await create(page)
  await page.getByText('No camera was found. You can join without one.').waitFor()
  await at(page, 'join-now').click()
  await at(page, 'btn-leave').waitFor()
  expect(await at(page, 'btn-mic').isDisabled()).toBe(true)
  await page.context().close()
})

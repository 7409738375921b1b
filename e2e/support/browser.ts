import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { type Face, faceFiles } from './media-files.ts'

/** What every Chromium of the stories is started with. */
export const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
  '--autoplay-policy=no-user-gesture-required',
  '--disable-background-timer-throttling',
  '--disable-renderer-backgrounding',
  '--disable-backgrounding-occluded-windows',
]

const launch = (args: readonly string[], without: readonly string[] = []): Promise<Browser> =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [...args],
    ignoreDefaultArgs: [...without],
  })

/** A Chromium with several cameras: the first shows a moving pattern, the second none that can be sent, the third a still colour. */
export const launchCameras = (count: number): Promise<Browser> =>
  launch([...FLAGS, `--use-fake-device-for-media-stream=device-count=${count}`])

const faceFlags = (face: Face): string[] => {
  const { video, audio } = faceFiles(face)
  return [
    `--use-file-for-fake-video-capture=${video}`,
    `--use-file-for-fake-audio-capture=${audio}`,
  ]
}

/** A Chromium whose fake camera shows the face's colour and whose microphone plays its tone. */
export const launchFace = (face: Face, more: readonly string[] = []): Promise<Browser> =>
  launch([...FLAGS, ...faceFlags(face), ...more])

/** The same, but it keeps pages for its back button, as browsers do (back/forward cache). */
export const launchKeeping = (face: Face): Promise<Browser> =>
  launch([...FLAGS, ...faceFlags(face)], ['--disable-back-forward-cache'])

/** A Chromium that, asked for this tab, captures it without asking the user. */
export const launchTabCapture = (): Promise<Browser> =>
  launch(
    FLAGS.map((flag) =>
      flag === '--use-fake-device-for-media-stream' ? `${flag}=display-media-type=browser` : flag,
    ),
  )

/** The same where the user must allow camera and microphone: nobody answers the question. */
export const launchAsking = (face: Face): Promise<Browser> =>
  launch([...FLAGS.filter((flag) => flag !== '--use-fake-ui-for-media-stream'), ...faceFlags(face)])

/** A page of its own context; what it says on the console as an error is kept in `errors`. */
export const openPage = async (
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
  /** Runs in the page before any script of its own. */
  before = '',
): Promise<{ page: Page; errors: string[] }> => {
  const context = await browser.newContext({
    permissions: ['camera', 'microphone'],
    ignoreHTTPSErrors: true,
    ...options,
  })
  if (before) await context.addInitScript(before)
  const page = await context.newPage()
  const errors: string[] = []
  page.on('pageerror', (e) => errors.push(String(e)))
  page.on('console', (m) => {
    if (m.type() === 'error') errors.push(m.text())
  })
  await page.goto(url)
  return { page, errors }
}

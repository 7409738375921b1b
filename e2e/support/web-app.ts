import type { BrowserContextOptions, Page } from 'playwright-core'
import { eventually } from './eventually.ts'
import { ACCOUNT, PASSWORD } from './server.ts'

/** A phone's page: narrow, touched. */
export const PHONE: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  hasTouch: true,
  isMobile: true,
  deviceScaleFactor: 2,
}
export const DESKTOP: BrowserContextOptions = { viewport: { width: 1440, height: 900 } }

export const at = (page: Page, id: string) => page.getByTestId(id)
/** The tiles of everybody in the meeting. */
export const tiles = (page: Page) => page.locator('article[data-testid^="tile-"]')
export const tileOf = (page: Page, name: string) => tiles(page).filter({ hasText: name })

export const signIn = async (page: Page, name: string, { stay = false } = {}): Promise<void> => {
  await at(page, 'login-account').fill(ACCOUNT)
  await at(page, 'login-password').fill(PASSWORD)
  await at(page, 'login-name').fill(name)
  if (stay) await at(page, 'login-stay').check()
  await at(page, 'login-submit').click()
}

/** From the lobby into a new meeting; gives its number and its public link. */
export const createMeeting = async (
  page: Page,
  subject: string,
  { password = false } = {},
): Promise<{ id: string; link: string; password: string }> => {
  await at(page, 'create-subject').fill(subject)
  if (password) await at(page, 'create-password').check()
  await at(page, 'create-meeting').click()
  await at(page, 'join-now').click()
  await at(page, 'btn-invite').click()
  const link = (await at(page, 'invite-link').textContent()) ?? ''
  const secret = password ? ((await at(page, 'invite-password').textContent()) ?? '') : ''
  await at(page, 'btn-invite').click()
  return { id: /\d+$/.exec(page.url())?.[0] ?? '', link, password: secret }
}

/** Pictures for looking at, where the environment asks for them. */
export const shoot = async (page: Page, name: string): Promise<void> => {
  const folder = process.env.SHOTS
  if (folder) await page.screenshot({ path: `${folder}/${name}.png` })
}

/** The colour in the middle of a video element, and whether its picture changes. */
export const lookAt = async (
  page: Page,
  video: ReturnType<Page['locator']>,
): Promise<{ rgb: readonly [number, number, number]; moves: boolean }> => {
  const sample = () =>
    video.evaluate(
      (element) => {
        const v = element as HTMLVideoElement
        const canvas = document.createElement('canvas')
        canvas.width = 64
        canvas.height = 36
        const context = canvas.getContext('2d')
        if (!context || v.videoWidth === 0) return null
        context.drawImage(v, 0, 0, 64, 36)
        const { data } = context.getImageData(0, 0, 64, 36)
        const middle = (18 * 64 + 32) * 4
        return { middle: [...data.slice(middle, middle + 3)], all: [...data].join() }
      },
      undefined,
      { timeout: 5000 },
    )
  const first = await sample()
  await page.waitForTimeout(400)
  const second = await sample()
  const [r = 0, g = 0, b = 0] = second?.middle ?? []
  return { rgb: [r, g, b], moves: first !== null && first.all !== second?.all }
}

/** Which of red, green and blue is the strongest. */
export const colourOf = ([r, g, b]: readonly [number, number, number]): string => {
  const most = Math.max(r, g, b)
  if (most < 60) return 'dark'
  return most === r ? 'red' : most === g ? 'green' : 'blue'
}

/** Waits until a moving picture of this colour is in the element; `again` plays one that ended before it was seen. */
export const expectPicture = (
  page: Page,
  video: ReturnType<Page['locator']>,
  colour: string,
  again?: ReturnType<Page['locator']>,
): Promise<void> =>
  eventually(async () => {
    if (await again?.isVisible()) await again?.click()
    const seen = await lookAt(page, video)
    if (!seen.moves || colourOf(seen.rgb) !== colour)
      throw new Error(`Wanted a moving ${colour} picture, saw ${JSON.stringify(seen)}`)
  }, 25_000)

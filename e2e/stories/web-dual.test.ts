import { readFile } from 'node:fs/promises'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { launchFace, openPage } from '../support/browser.ts'
import { eventually } from '../support/eventually.ts'
import { hearing } from '../support/film.ts'
import { GREEN, RED } from '../support/media-files.ts'
import { canProbe, probe } from '../support/recorded.ts'
import { type RunningServer, startServer } from '../support/server.ts'
import { at, expectPicture, PHONE, signIn, tileOf } from '../support/web-app.ts'

let server: RunningServer
const browsers: Browser[] = []
const errors: string[] = []
let agent: Page
let customer: Page
/** Steps of the script that were shown more than once. */
let repeated = 0

/** Pictures for looking at, where the environment asks for them. */
const shoot = async (page: Page, name: string) => {
  const folder = process.env.SHOTS
  if (folder) await page.screenshot({ path: `${folder}/${name}.png` })
}
const phase = (page: Page, name: string) =>
  eventually(async () => expect(await at(page, 'dual-panel').getAttribute('data-phase')).toBe(name))
const files = (page: Page) => at(page, 'recorded-list').locator('li')
const recorded = (least: number) =>
  eventually(async () => {
    const text = (await at(agent, 'dual-live').textContent()) ?? ''
    expect(Number(/0:(\d\d)/.exec(text)?.[1])).toBeGreaterThanOrEqual(least)
  })
const textOf = (page: Page, text: string) =>
  eventually(async () => expect(await at(page, 'dual-text').textContent()).toBe(text))

beforeAll(async () => {
  server = await startServer()
  for (const face of [RED, GREEN]) browsers.push(await launchFace(face))
  const open = async (i: number, options: object) => {
    const opened = await openPage(browsers[i] as Browser, 'about:blank', options, hearing)
    opened.page.on('pageerror', (e) => errors.push(String(e)))
    return opened.page
  }
  agent = await open(0, { viewport: { width: 1280, height: 800 }, locale: 'en-US' })
  customer = await open(1, { ...PHONE, locale: 'zh-CN' })
  const comes = async () => {
    await customer.goto(`${server.url}/desk`)
    await signIn(customer, '王小明')
    await customer.locator('[data-testid^="wait-"]').first().click()
  }
  const serves = async () => {
    await agent.goto(`${server.url}/agent`)
    await signIn(agent, 'Ann')
    await agent.locator('[data-testid^="serve-"]').first().click()
  }
  await Promise.all([comes(), serves()])
  await at(agent, 'agent-accept').click()
  await at(customer, 'call-accept').click()
  await expectPicture(agent, tileOf(agent, '王小明').locator('video'), 'green')
})
afterAll(async () => {
  for (const b of browsers) await b.close()
  await server?.stop()
  server?.forget()
  expect(errors).toEqual([])
})

it('the customer is asked, and a no is a no', async () => {
  await at(agent, 'btn-dual').click()
  await at(agent, 'dual-document').fill('110101199003071234')
  await at(agent, 'dual-staff').fill('A-17')
  await at(agent, 'script-zh').click()
  await shoot(agent, 'dual-form')
  await at(agent, 'dual-ask').click()
  await at(customer, 'dual-consent').waitFor()
  expect(await at(customer, 'dual-consent').textContent()).toContain('Ann 希望录制这次谈话')
  await shoot(customer, 'dual-consent-phone')
  await at(customer, 'dual-no').click()
  await phase(agent, 'refused')
  await shoot(agent, 'dual-refused')
  expect(await at(customer, 'dual-banner').count()).toBe(0)
})

it('the question outlives a reload of either page; after a yes it records', async () => {
  await at(agent, 'dual-again').click()
  await at(agent, 'dual-document').fill('110101199003071234')
  await at(agent, 'dual-ask').click()
  await at(customer, 'dual-consent').waitFor()
  await customer.reload()
  await at(customer, 'dual-consent').waitFor()
  await agent.reload()
  await tileOf(agent, '王小明').waitFor()
  await at(agent, 'btn-dual').click()
  await phase(agent, 'asking')
  await at(customer, 'dual-yes').click()
  await phase(agent, 'recording')
  await at(customer, 'dual-banner').getByText('本次谈话正在录制').waitFor()
})

it('a step is shown to both, and heard by both', async () => {
  const repeat = at(agent, 'dual-repeat')
  const hush = at(agent, 'dual-hush')
  const say = (button: typeof repeat) => Promise.all([hush.waitFor(), button.click()])
  const sayAgain = async () => {
    if (!(await repeat.isVisible())) return
    repeated += 1
    await say(repeat)
  }
  await say(at(agent, 'dual-next'))
  const text = '您好，欢迎办理业务。为保护您的权益，接下来的谈话将全程录音录像。'
  await Promise.all([textOf(agent, text), textOf(customer, text)])
  // The agent's microphone and the script's voice, which says it again if it ended before it was heard.
  await eventually(async () => {
    const { length } = (await customer.evaluate('listen()')) as number[]
    if (length !== 2) await sayAgain()
    expect(length).toBe(2)
  })
  expect(await at(customer, 'media-bar').count()).toBe(0)
  // A sound of the script is no file that somebody plays.
  expect(await customer.getByText('.mp3').count()).toBe(0)
  await sayAgain()
  await hush.click()
  await at(agent, 'dual-next').click()
  await textOf(customer, '请说出您的姓名，并将身份证件正面对准摄像头。')
  await recorded(4)
  await shoot(agent, 'dual-recording')
  await shoot(customer, 'dual-recording-phone')
})

it('nothing is lost when the agent’s page reloads: the part so far is listed, and it goes on', async () => {
  agent.once('dialog', (dialog) => void dialog.accept())
  await agent.reload()
  await tileOf(agent, '王小明').waitFor()
  await at(agent, 'btn-dual').click()
  await phase(agent, 'interrupted')
  await eventually(async () => expect(await files(agent).count()).toBe(1))
  await at(customer, 'dual-banner').getByText('录制已暂停').waitFor()
  await shoot(agent, 'dual-interrupted')
  await at(agent, 'dual-on').click()
  await phase(agent, 'recording')
  await at(customer, 'dual-banner').getByText('本次谈话正在录制').waitFor()
  await customer.reload()
  await at(customer, 'dual-banner').getByText('本次谈话正在录制').waitFor()
  await textOf(customer, '请说出您的姓名，并将身份证件正面对准摄像头。')
  await expectPicture(agent, tileOf(agent, '王小明').locator('video'), 'green')
  for (let step = 0; step < 3; step++) await at(agent, 'dual-next').click()
  await recorded(4)
})

it('finished, both parts are in the list: faces side by side, who they are, the voice', async () => {
  await at(agent, 'dual-finish').click()
  await phase(agent, 'done')
  await at(customer, 'dual-banner').waitFor({ state: 'detached' })
  await eventually(async () => expect(await files(agent).count()).toBe(2))
  // What the reload kept from the server goes there by itself.
  await eventually(
    async () =>
      expect(await at(agent, 'recorded-state').allTextContents()).toEqual([
        'On the server',
        'On the server',
      ]),
    40_000,
  )
  await shoot(agent, 'dual-done')
  const saving = agent.waitForEvent('download')
  await files(agent).last().getByTestId('recorded-save').click()
  const saved = await saving
  expect(saved.suggestedFilename()).toContain('王小明 part 2')
  if (!canProbe) return console.warn('ffmpeg is missing: the recorded file is not looked into')
  const folder = process.env.SHOTS
  if (folder) await saved.saveAs(`${folder}/dual.mp4`)
  await probe(await readFile(await saved.path()), (file) => {
    expect(file.complaints).toBe('')
    expect(file.video).toMatchObject({ width: 1280, height: 720 })
    const end = file.duration - 1
    const [r, g] = file.color(end, 320, 400)
    expect(r).toBeGreaterThan(g + 40)
    const [r2, g2] = file.color(end, 960, 400)
    expect(g2).toBeGreaterThan(r2 + 40)
    expect(file.tone(RED.tone, end - 1, end)).toBeGreaterThan(file.tone(1200, end - 1, end) * 20)
    expect(file.tone(GREEN.tone, end - 1, end)).toBeGreaterThan(file.tone(1200, end - 1, end) * 20)
  })
})

it('a consent taken back ends the recording at once', async () => {
  await at(agent, 'dual-new').click()
  await at(agent, 'dual-ask').click()
  await at(customer, 'dual-yes').click()
  await phase(agent, 'recording')
  await recorded(1)
  await at(customer, 'dual-stop').click()
  await at(customer, 'confirm-yes').click()
  await phase(agent, 'withdrawn')
  await at(customer, 'dual-banner').waitFor({ state: 'detached' })
  await at(agent, 'record-mark').waitFor({ state: 'detached' })
  // What was recorded until then stays here, and is the agent's to delete.
  await at(agent, 'recorded-remove').waitFor()
})

it('a script of one’s own: other words, another voice, kept in this browser', async () => {
  await at(agent, 'dual-new').click()
  await at(agent, 'script-en').click()
  await at(agent, 'script-edit').click()
  await shoot(agent, 'dual-script')
  const second = at(agent, 'script-step').nth(1)
  await second.getByTestId('script-text').fill('Please show your badge.')
  expect(await second.getByTestId('script-sound').textContent()).toContain('read it aloud')
  await second.getByTestId('script-choose').click()
  await at(agent, 'script-input').setInputFiles({
    name: 'badge.wav',
    mimeType: 'audio/wav',
    buffer: Buffer.from('RIFF'),
  })
  await second.getByText('badge.wav').waitFor()
  await at(agent, 'script-step').nth(4).getByTestId('script-remove').click()
  await at(agent, 'script-save').click()
  await agent.getByText('Please show your badge.').waitFor()
})

it('the agent’s page lists the conversations with what became of them', async () => {
  await at(agent, 'btn-leave').click()
  await at(agent, 'dual-results').waitFor()
  const results = at(agent, 'dual-result')
  await eventually(async () => expect(await results.count()).toBe(2))
  expect(await results.first().textContent()).toContain('consent taken back')
  const whole = await results.nth(1).textContent()
  for (const words of ['王小明', '110101199003071234', 'complete', `${5 + repeated} steps shown`])
    expect(whole).toContain(words)
  expect(await results.nth(1).locator('li').count()).toBe(2)
  await shoot(agent, 'dual-results')
})

it('06 §7: what is on the server is listed, plays from where one likes, and is deleted after a question', async () => {
  await at(agent, 'dual-results').getByTestId('to-records').click()
  const rows = at(agent, 'stored-row')
  await eventually(async () => expect(await rows.count()).toBe(2))
  expect(await rows.first().textContent()).toMatch(/王小明 part 2\.mp4.* · 0:\d\d · [\d.]+ [KM]B/)
  const used = (await at(agent, 'stored-used').textContent()) ?? ''
  await shoot(agent, 'records')
  await rows.first().getByTestId('stored-play').click()
  const video = at(agent, 'stored-video')
  await video.evaluate((element) => {
    const film = element as HTMLVideoElement
    film.loop = true
    // It may be over already.
    void film.play()
  })
  await expectPicture(agent, video, 'green')
  await video.evaluate((element) => {
    ;(element as HTMLVideoElement).currentTime = 1
  })
  await eventually(async () =>
    expect(await video.evaluate((v) => (v as HTMLVideoElement).seeking)).toBe(false),
  )
  await shoot(agent, 'records-player')
  await at(agent, 'player-close').click()
  const saving = agent.waitForEvent('download')
  await rows.first().getByTestId('stored-save').click()
  expect((await saving).suggestedFilename()).toMatch(/王小明 part 2\.(mp4|webm)$/)
  const proving = agent.waitForEvent('download')
  await rows.first().getByTestId('stored-manifest').click()
  expect((await proving).suggestedFilename()).toMatch(/part 2\.mp4\.manifest\.json$/)
  await rows.first().getByTestId('stored-remove').click()
  await at(agent, 'confirm-yes').click()
  await eventually(async () => expect(await rows.count()).toBe(1))
  await eventually(async () => expect(await at(agent, 'stored-used').textContent()).not.toBe(used))
})

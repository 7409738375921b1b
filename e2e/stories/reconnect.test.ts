import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchFace } from '../support/browser.ts'
import { ClassicPage } from '../support/classic.ts'
import { type FaultyProxy, startFaultyProxy } from '../support/faulty-proxy.ts'
import { GREEN } from '../support/media-files.ts'
import { hostPages } from '../support/page-host.ts'
import { ACCOUNT, PASSWORD, type RunningServer, startServer } from '../support/server.ts'

/** T_RESUME of this server, in place of 30 s, so that the story stays short. */
const RESUME_S = 10
const TELLING = [
  'CRVideo_UserEnterMeeting',
  'CRVideo_UserLeftMeeting',
  'CRVideo_AudioStatusChanged',
  'CRVideo_VideoStatusChanged',
  'CRVideo_MeetingDropped',
  'CRVideo_LineOff',
  'CRVideo_EnterMeetingRslt',
]
const seconds = (s: number) => new Promise((resolve) => setTimeout(resolve, s * 1000))

describe(`a page whose network breaks (T_RESUME ${RESUME_S} s in place of 30 s)`, () => {
  let server: RunningServer
  let proxy: FaultyProxy
  let host: Awaited<ReturnType<typeof hostPages>>
  let browser: Browser
  /** Speaks to the server directly. */
  let steady: ClassicPage
  /** Speaks through the network that breaks. */
  let shaky: ClassicPage
  let meeting: { ID: number; pswd: string }
  const slots = async (p: ClassicPage) =>
    (await p.sinceMark(TELLING)).map((s) => [s.slot.replace('CRVideo_', ''), ...s.args])

  beforeAll(async () => {
    server = await startServer({ RESUME_SECONDS: String(RESUME_S) })
    proxy = await startFaultyProxy(server.port)
    host = await hostPages(server.url)
    browser = await launchFace(GREEN)
    steady = await ClassicPage.open(browser, host.url, server.url)
    shaky = await ClassicPage.open(browser, host.url, `http://localhost:${proxy.port}`)
    await steady.login('steady')
    await shaky.login('shaky')
    await steady.call('CRVideo_CreateMeeting', 'reconnect', 1)
    meeting = (await steady.next('CRVideo_CreateMeetingSuccess'))[0] as typeof meeting
    await steady.enter(meeting, 'steady')
    await shaky.enter(meeting, 'shaky')
  })

  afterAll(async () => {
    for (const p of [steady, shaky]) await p.finish()
    await browser.close()
    await proxy.close()
    await host.close()
    await server.stop()
    server.forget()
  })

  it.each([
    [1, 'a cut of 1 s'],
    [5, 'a cut of 5 s'],
    [8, `a cut of 8 s, four fifths of T_RESUME as 24 s are of 30 s`],
  ])(
    '07 §5.1: %i: %s is silent; what was missed and what waited comes once, in order',
    async (s) => {
      for (const p of [steady, shaky]) await p.mark()
      proxy.weather = 'refuse'
      proxy.cut()
      await steady.call('CRVideo_OpenMic', 'steady')
      await steady.next('CRVideo_AudioStatusChanged', 'steady', 4, 3)
      await steady.call('CRVideo_CloseMic', 'steady')
      await shaky.call('CRVideo_GetMeetings', `waiting-${s}`)
      await seconds(s)
      expect(await slots(shaky)).toEqual([])
      proxy.weather = 'fine'
      const from = Date.now()
      await shaky.next('CRVideo_GetMeetingsSuccess')
      console.log(`cut of ${s} s: back ${Date.now() - from} ms after the network`)
      await shaky.next('CRVideo_AudioStatusChanged', 'steady', 3, 2)
      expect(await slots(shaky)).toEqual([
        ['AudioStatusChanged', 'steady', 2, 3],
        ['AudioStatusChanged', 'steady', 3, 2],
      ])
      const answers = await shaky.sinceMark([
        'CRVideo_GetMeetingsSuccess',
        'CRVideo_GetMeetingsFail',
      ])
      expect(answers).toHaveLength(1)
      expect((await slots(steady)).filter(([, user]) => user === 'shaky')).toEqual([])
    },
  )

  it('07 §5.1: 00 §10: after a cut the page reconnects at once when the network is back', async () => {
    await shaky.mark()
    proxy.weather = 'refuse'
    proxy.cut()
    await seconds(4)
    proxy.weather = 'fine'
    const from = Date.now()
    await shaky.page.evaluate(() => window.dispatchEvent(new Event('online')))
    await shaky.call('CRVideo_GetMeetings', 'online')
    await shaky.next('CRVideo_GetMeetingsSuccess')
    console.log(`told that the network is back: ${Date.now() - from} ms`)
    expect(await slots(shaky)).toEqual([])
  })

  it('02 §5: a connection that is half open is noticed by T_DEAD (15 s) and resumed silently', async () => {
    for (const p of [steady, shaky]) await p.mark()
    proxy.weather = 'swallow'
    await seconds(1)
    const from = Date.now()
    await shaky.call('CRVideo_GetMeetings', 'half-open')
    proxy.weather = 'fine'
    await shaky.page.waitForFunction(
      () =>
        (window as unknown as { seen: { args: unknown[] }[] }).seen.some((s) =>
          s.args.includes('half-open'),
        ),
      null,
      { timeout: 30_000 },
    )
    console.log(`half open: answered ${Date.now() - from} ms after the loss`)
    const answers = (await shaky.sinceMark()).filter((s) => s.args.includes('half-open'))
    expect(answers.map((s) => s.slot)).toEqual(['CRVideo_GetMeetingsSuccess'])
    await steady.call('CRVideo_OpenMic', 'steady')
    await shaky.next('CRVideo_AudioStatusChanged', 'steady', 2, 3)
    expect(await slots(shaky)).toEqual([['AudioStatusChanged', 'steady', 2, 3]])
  })

  it('07 §5.2, §5.3: a cut of 13 s, beyond T_RESUME: dropped, line-off 207, and the entry made at once succeeds', async () => {
    for (const p of [steady, shaky]) await p.mark()
    await shaky.page.evaluate(
      ([id, password]) => {
        const page = window as unknown as {
          hooks: Record<string, () => void>
          CRVideo_EnterMeeting(...args: unknown[]): void
        }
        page.hooks.CRVideo_MeetingDropped = () =>
          page.CRVideo_EnterMeeting(id, password, 'shaky', 'Nick', 'again')
      },
      [meeting.ID, meeting.pswd] as const,
    )
    await shaky.call('CRVideo_OpenMic', 'shaky')
    await steady.next('CRVideo_AudioStatusChanged', 'shaky', 2, 3)
    for (const p of [steady, shaky]) await p.mark()
    proxy.weather = 'refuse'
    proxy.cut()
    await seconds(13)
    await steady.next('CRVideo_UserLeftMeeting', 'shaky')
    expect(await slots(shaky)).toEqual([
      ['MeetingDropped', 0],
      ['LineOff', 207],
    ])
    proxy.weather = 'fine'
    await shaky.next('CRVideo_EnterMeetingRslt', 0, 'again')
    await steady.next('CRVideo_UserEnterMeeting', 'shaky')
    expect((await slots(steady)).map(([slot]) => slot)).toEqual([
      'UserLeftMeeting',
      'UserEnterMeeting',
    ])
    expect(await shaky.call('CRVideo_IsUserInMeeting', 'steady')).toBe(true)
  })

  it('00 §10: a page that is closed is gone for the others at once, without T_RESUME', async () => {
    await shaky.page.evaluate(() => {
      ;(window as unknown as { hooks: object }).hooks = {}
    })
    await steady.mark()
    const closing = await ClassicPage.open(browser, host.url, server.url)
    await closing.login('closing')
    await closing.enter(meeting, 'closing')
    await steady.next('CRVideo_UserEnterMeeting', 'closing')
    const from = Date.now()
    await closing.page.goto('about:blank')
    await steady.next('CRVideo_UserLeftMeeting', 'closing')
    console.log(`page closed: others knew after ${Date.now() - from} ms`)
    await closing.page.context().close()
  })

  it('07 §3: a page whose socket cannot say goodbye is gone at once, too: a beacon tells', async () => {
    await steady.mark()
    const closing = await ClassicPage.open(browser, host.url, server.url)
    await closing.login('beacon')
    await closing.enter(meeting, 'beacon')
    await steady.next('CRVideo_UserEnterMeeting', 'beacon')
    await closing.read('void (WebSocket.prototype.close = () => {})')
    const from = Date.now()
    await closing.page.goto('about:blank')
    await steady.next('CRVideo_UserLeftMeeting', 'beacon')
    const ms = Date.now() - from
    console.log(`page closed, beacon only: others knew after ${ms} ms`)
    expect(ms).toBeLessThan(RESUME_S * 1000)
    await closing.page.context().close()
  })

  it('02 §3: logging in again after the line-off works', async () => {
    await shaky.mark()
    await shaky.call('CRVideo_Login', ACCOUNT, PASSWORD, 'n', 'shaky', '', 'second')
    await shaky.next('CRVideo_LoginSuccess', 'shaky', 'second')
  })
})

import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchKeeping } from '../support/browser.ts'
import { ClassicPage } from '../support/classic.ts'
import { type FaultyProxy, startFaultyProxy } from '../support/faulty-proxy.ts'
import { GREEN } from '../support/media-files.ts'
import { hostPages } from '../support/page-host.ts'
import { ACCOUNT, PASSWORD, type RunningServer, startServer } from '../support/server.ts'

/** What tells a page of its own troubles. */
const OWN = ['CRVideo_MeetingDropped', 'CRVideo_LineOff', 'CRVideo_EnterMeetingRslt']
/** What tells it of others'. */
const OTHERS = [
  'CRVideo_UserEnterMeeting',
  'CRVideo_UserLeftMeeting',
  'CRVideo_AudioStatusChanged',
  'CRVideo_VideoStatusChanged',
]
/** What all see of the steady page while they are away. */
const MISSED = [
  ['AudioStatusChanged', 'steady', 2, 3],
  ['AudioStatusChanged', 'steady', 3, 2],
]

/** A page, and the network that breaks between it and the server. */
interface Shaky {
  readonly page: ClassicPage
  readonly proxy: FaultyProxy
}

describe('pages whose networks break at once, each for another time (T_RESUME 30 s)', () => {
  let server: RunningServer
  let host: Awaited<ReturnType<typeof hostPages>>
  let browser: Browser
  /** Speaks to the server directly. */
  let steady: ClassicPage
  let meeting: { ID: number; pswd: string }
  let begun: number
  /** By name, which is the user ID too. */
  const shaky = new Map<string, Shaky>()
  /** Each begins when the networks break: together they take as long as the longest. */
  const runs = new Map<string, Promise<void>>()

  const told = async (p: ClassicPage, about: string) =>
    (await p.sinceMark([...OWN, ...OTHERS]))
      .filter(({ slot, args }) => OWN.includes(slot) || args[0] === about)
      .map(({ slot, args }) => [slot.replace('CRVideo_', ''), ...args])
  const until = (s: number) =>
    new Promise((resolve) => setTimeout(resolve, begun + s * 1000 - Date.now()))
  const answered = ({ page }: Shaky) =>
    expect
      .poll(
        async () =>
          (await page.sinceMark(['CRVideo_GetMeetingsSuccess', 'CRVideo_GetMeetingsFail'])).map(
            ({ slot }) => slot,
          ),
        { timeout: 30_000, interval: 50 },
      )
      .toEqual(['CRVideo_GetMeetingsSuccess'])

  const silentCut = async (name: string, s: number, isTold: boolean) => {
    const { page, proxy } = shaky.get(name) as Shaky
    proxy.weather = 'refuse'
    proxy.cut()
    await page.call('CRVideo_GetMeetings', 'waiting')
    await until(s)
    expect(await told(page, 'steady')).toEqual([])
    proxy.weather = 'fine'
    const from = Date.now()
    if (isTold) await page.page.evaluate(() => window.dispatchEvent(new Event('online')))
    await answered({ page, proxy })
    console.log(`${name}: back ${Date.now() - from} ms after the network`)
    await page.next('CRVideo_AudioStatusChanged', 'steady', 3, 2)
    expect(await told(page, 'steady')).toEqual(MISSED)
  }

  /** Bytes vanish for a second; the stream is worth nothing from then on, and nobody is told. */
  const halfOpen = async (name: string) => {
    const { page, proxy } = shaky.get(name) as Shaky
    proxy.weather = 'swallow'
    await until(1)
    const from = Date.now()
    await page.call('CRVideo_GetMeetings', 'half-open')
    proxy.weather = 'fine'
    await answered({ page, proxy })
    console.log(`${name}: answered ${Date.now() - from} ms after the loss`)
    await page.next('CRVideo_AudioStatusChanged', 'steady', 3, 2)
    expect(await told(page, 'steady')).toEqual(MISSED)
  }

  const delayedAndDropped = async (name: string) => {
    const { page, proxy } = shaky.get(name) as Shaky
    proxy.delay = 500
    await page.call('CRVideo_GetMeetings', 'delayed')
    for (const s of [0.5, 3.5, 6.5]) {
      await until(s)
      proxy.cut()
    }
    await answered({ page, proxy })
    await page.next('CRVideo_AudioStatusChanged', 'steady', 3, 2)
    expect(await told(page, 'steady')).toEqual(MISSED)
  }

  const beyond = async (name: string) => {
    const { page, proxy } = shaky.get(name) as Shaky
    proxy.weather = 'refuse'
    proxy.cut()
    await until(40)
    expect(await told(page, 'steady')).toEqual([
      ['MeetingDropped', 0],
      ['LineOff', 207],
    ])
    proxy.weather = 'fine'
    await page.next('CRVideo_EnterMeetingRslt', 0, 'again')
    await steady.next('CRVideo_UserEnterMeeting', name)
    expect((await told(steady, name)).map(([slot]) => slot)).toEqual([
      'UserLeftMeeting',
      'UserEnterMeeting',
    ])
    expect(await page.call('CRVideo_IsUserInMeeting', 'steady')).toBe(true)
  }

  /** A page in the meeting that notes how it came to be shown. */
  const openShown = async (name: string): Promise<ClassicPage> => {
    const prepare = () =>
      addEventListener('pageshow', ({ persisted }) => Object.assign(window, { persisted }))
    const page = await ClassicPage.open(browser, host.url, server.url, { prepare })
    await page.login(name)
    await page.enter(meeting, name)
    return page
  }
  /** As a person does it: to another page, and back by the browser's button. */
  const awayAndBack = async ({ page }: ClassicPage, name: string) => {
    await page.evaluate(() => {
      location.href = '/other.html'
    })
    await page.waitForURL(/other/)
    await steady.next('CRVideo_UserLeftMeeting', name)
    await page.evaluate(() => history.back())
    // A page that was kept is not loaded again.
    await page.waitForURL(/classic/, { waitUntil: 'commit' })
  }
  const comesAgain = (name: string) =>
    expect
      .poll(
        async () =>
          (await told(steady, name))
            .map(([slot]) => slot)
            .filter((slot) => /User/.test(String(slot))),
        { timeout: 15_000 },
      )
      .toEqual(['UserEnterMeeting', 'UserLeftMeeting', 'UserEnterMeeting'])
  const enterAgainWhenDropped = ({ page }: ClassicPage, name: string) =>
    page.evaluate(
      ([id, password, userID]) => {
        const page = window as unknown as {
          hooks: Record<string, () => void>
          CRVideo_EnterMeeting(...args: unknown[]): void
        }
        page.hooks.CRVideo_MeetingDropped = () =>
          page.CRVideo_EnterMeeting(id, password, userID, 'Nick', 'again')
      },
      [meeting.ID, meeting.pswd, name] as const,
    )

  const cases: Record<string, (name: string) => Promise<void>> = {
    '1 s': (name) => silentCut(name, 1, false),
    '5 s': (name) => silentCut(name, 5, false),
    '29 s': (name) => silentCut(name, 29, false),
    online: (name) => silentCut(name, 7, true),
    'half open': halfOpen,
    delayed: delayedAndDropped,
    '40 s': beyond,
  }

  beforeAll(async () => {
    server = await startServer()
    host = await hostPages(server.url, { 'other.html': '<!doctype html><p>Another page' })
    browser = await launchKeeping(GREEN)
    steady = await ClassicPage.open(browser, host.url, server.url)
    await steady.login('steady')
    await steady.call('CRVideo_CreateMeeting', 'reconnect', 1)
    meeting = (await steady.next('CRVideo_CreateMeetingSuccess'))[0] as typeof meeting
    await steady.enter(meeting, 'steady')
    for (const name of Object.keys(cases)) {
      const proxy = await startFaultyProxy(server.port)
      const page = await ClassicPage.open(browser, host.url, `http://localhost:${proxy.port}`)
      shaky.set(name, { page, proxy })
      await page.login(name)
      await page.enter(meeting, name)
    }
    await enterAgainWhenDropped((shaky.get('40 s') as Shaky).page, '40 s')
    for (const page of [steady, ...[...shaky.values()].map((s) => s.page)]) await page.mark()
    begun = Date.now()
    for (const [name, run] of Object.entries(cases)) {
      const result = run(name)
      // Its test looks at it later.
      result.catch(() => {})
      runs.set(name, result)
    }
    await steady.call('CRVideo_OpenMic', 'steady')
    await steady.next('CRVideo_AudioStatusChanged', 'steady', 4, 3)
    await steady.call('CRVideo_CloseMic', 'steady')
    // Eight pages are opened, one after the other.
  }, 180_000)

  afterAll(async () => {
    await Promise.allSettled(runs.values())
    for (const { page, proxy } of shaky.values()) {
      await page.finish()
      await proxy.close()
    }
    await steady.finish()
    await browser.close()
    await host.close()
    await server.stop()
    server.forget()
  })

  // Before the others: their networks are broken meanwhile.
  it('00 §10: a page that the browser kept for its back button is dropped, lined off, and enters again', async () => {
    const page = await openShown('kept')
    await enterAgainWhenDropped(page, 'kept')
    await page.mark()
    await awayAndBack(page, 'kept')
    await page.next('CRVideo_EnterMeetingRslt', 0, 'again')
    expect(await page.read('persisted')).toBe(true)
    expect(await told(page, 'kept')).toEqual([
      ['MeetingDropped', 0],
      ['LineOff', 207],
      ['EnterMeetingRslt', 0, 'again'],
    ])
    await comesAgain('kept')
    expect(page.errors).toEqual([])
    await page.finish()
  })

  it('00 §10: one that sent or received is not kept: it is loaded anew, and nothing is left of it', async () => {
    const page = await openShown('live')
    await page.call('CRVideo_OpenMic', 'live')
    await page.next('CRVideo_AudioStatusChanged', 'live', 4, 3)
    await awayAndBack(page, 'live')
    await page.page.waitForLoadState()
    expect(await page.read('persisted')).toBe(false)
    expect(await page.seen()).toEqual([])
    await page.mark()
    await page.login('live')
    await page.enter(meeting, 'live')
    await comesAgain('live')
    expect(page.errors).toEqual([])
    await page.finish()
  })

  it.each(['1 s', '5 s', '29 s'])(
    '07 §5.1: a cut of %s is silent; what was missed and what waited comes once, in order',
    (name) => runs.get(name),
  )

  it('07 §5.1: 00 §10: told by the browser that the network is back, the page reconnects at once', () =>
    runs.get('online'))

  it('02 §5: a connection that is half open is noticed by T_DEAD (15 s) and resumed silently', () =>
    runs.get('half open'))

  it('07 §5.1: where everything comes 0.5 s late and what is on its way is dropped, nothing is lost, doubled or out of order', () =>
    runs.get('delayed'))

  it('07 §5.2, §5.3: a cut of 40 s, beyond T_RESUME: dropped, line-off 207, and the entry made at once succeeds', () =>
    runs.get('40 s'))

  it('07 §5.1: others see nothing of the cuts within T_RESUME', async () => {
    for (const name of shaky.keys())
      if (name !== '40 s') expect(await told(steady, name)).toEqual([])
  })

  it('00 §10: a page that is closed is gone for the others at once, without T_RESUME', async () => {
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
    // Not after T_RESUME; the page itself takes its time to be closed on a busy machine.
    expect(ms).toBeLessThan(10_000)
    await closing.page.context().close()
  })

  it('02 §3: logging in again after the line-off works', async () => {
    const { page } = shaky.get('40 s') as Shaky
    await page.mark()
    await page.call('CRVideo_Login', ACCOUNT, PASSWORD, 'n', '40 s', '', 'second')
    await page.next('CRVideo_LoginSuccess', '40 s', 'second')
  })
})

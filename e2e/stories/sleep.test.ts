import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchFace } from '../support/browser.ts'
import { ClassicPage } from '../support/classic.ts'
import { launchOnLaptop } from '../support/laptop.ts'
import { GREEN } from '../support/media-files.ts'
import { meetingOf } from '../support/meeting-of.ts'
import { hostPages } from '../support/page-host.ts'
import { type RunningServer, startServer } from '../support/server.ts'

const OWN = ['CRVideo_MeetingDropped', 'CRVideo_LineOff']
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

describe('a laptop that sleeps, or whose clock jumps (T_DEAD 15 s, T_RESUME 2 s)', () => {
  let server: RunningServer
  let host: Awaited<ReturnType<typeof hostPages>>
  const browsers: Browser[] = []
  let laptop: Awaited<ReturnType<typeof launchOnLaptop>>
  let sleeper: ClassicPage
  let awake: ClassicPage
  let meeting: { ID: number; pswd: string }

  const own = async () => (await sleeper.sinceMark(OWN)).map(({ slot }) => slot)

  beforeAll(async () => {
    server = await startServer({ RESUME_SECONDS: '2' })
    host = await hostPages(server.url)
    laptop = await launchOnLaptop(() => launchFace(GREEN))
    const other = await launchFace(GREEN)
    browsers.push(laptop.browser, other)
    sleeper = await ClassicPage.open(laptop.browser, host.url, server.url)
    awake = await ClassicPage.open(other, host.url, server.url)
    meeting = await meetingOf([
      [awake, 'awake'],
      [sleeper, 'sleeper'],
    ])
  })
  afterAll(async () => {
    await sleeper.finish()
    await awake.finish()
    for (const browser of browsers) await browser.close()
    await host.close()
    await server.stop()
    server.forget()
  })

  it('07 §5.1: after a short sleep it gets what it missed, and nobody noticed', async () => {
    await sleeper.mark()
    await awake.mark()
    const slept = laptop.sleep(4000)
    await awake.call('CRVideo_OpenMic', 'awake')
    await awake.next('CRVideo_AudioStatusChanged', 'awake', 4, 3)
    await slept
    await sleeper.next('CRVideo_AudioStatusChanged', 'awake', 2, 3)
    expect(await own()).toEqual([])
    expect(await awake.sinceMark(['CRVideo_UserLeftMeeting'])).toEqual([])
  })

  it('02: a wall clock that jumps a day ahead, and back, changes nothing', async () => {
    await sleeper.mark()
    for (const days of [1, -1]) {
      await sleeper.read(`(() => {
        const before = Date.now
        Date.now = () => before() + ${days} * 86_400_000
      })()`)
      await sleep(1500)
      await sleeper.call('CRVideo_GetMeetings', `after ${days}`)
      await sleeper.next('CRVideo_GetMeetingsSuccess')
      await sleeper.mark()
    }
    await awake.call('CRVideo_CloseMic', 'awake')
    await sleeper.next('CRVideo_AudioStatusChanged', 'awake', 3, 2)
    expect(await own()).toEqual([])
  })

  it('07 §5.2: who sleeps past T_DEAD and T_RESUME is gone for others, is told, and comes back', async () => {
    await sleeper.mark()
    await awake.mark()
    const slept = laptop.sleep(21_000)
    await sleep(14_000)
    await awake.next('CRVideo_UserLeftMeeting', 'sleeper')
    await slept
    await sleeper.next('CRVideo_MeetingDropped')
    await sleeper.next('CRVideo_LineOff')
    await sleeper.mark()
    await sleeper.call('CRVideo_EnterMeeting', meeting.ID, meeting.pswd, 'sleeper', 'Nick sleeper')
    await sleeper.next('CRVideo_EnterMeetingRslt', 0)
    await awake.next('CRVideo_UserEnterMeeting', 'sleeper')
  })
})
